import { type Consumer, type Kafka } from 'kafkajs'
import { firstValueFrom, race, type SchedulerLike, Subject, timer } from 'rxjs'
import { type KafkaSettings } from '../config/settings.ts'
import { type Group } from './client-group.ts'
import { commitOnce, isRefused } from './commit-once.ts'
import { boundsOf, type Cluster, committedOf, leadersOf } from './cluster.ts'
import { fetchPartitions, hasMoved } from './fetch-partitions.ts'
import { openGroupConsumer } from './group-consumer.ts'
import { Heartbeats } from './heartbeats.ts'
import { MetadataRefresh } from './metadata-refresh.ts'
import { type Ask, type Committable, type Fetched, type Member, type MemberEvents, type OpenMember } from './member.ts'

const idleMs = 100

interface MemberClient {
  readonly kafka: Kafka
  readonly settings: KafkaSettings
  readonly clock: SchedulerLike
}

/** A member by kafkajs, which keeps connections, metadata and membership; what is fetched, and when, is ours. */
class GroupMember implements Member {
  readonly #events: MemberEvents
  readonly #topic: string
  readonly #clock: SchedulerLike
  readonly #heartbeats: Heartbeats
  readonly #metadata: MetadataRefresh
  readonly #consumer: Consumer
  readonly #woken = new Subject<void>()
  #group: Group | undefined
  /** Why the group has to be joined again. */
  #refused: Error | undefined
  #syncedAt = 0

  constructor({ kafka, settings, clock }: MemberClient, events: MemberEvents, elapsed: () => number) {
    this.#events = events
    this.#topic = settings.topic
    this.#clock = clock
    this.#heartbeats = new Heartbeats(settings.heartbeatIntervalMs, elapsed)
    this.#metadata = new MetadataRefresh(elapsed)
    this.#consumer = openGroupConsumer(kafka, settings, {
      fetch: (group, nodeId) => this.#fetch(group, nodeId),
      joining: group => this.#joining(group),
      syncing: () => (this.#syncedAt = elapsed()),
    })
    this.#consumer.on('consumer.group_join', () => this.#joined())
    this.#consumer.on('consumer.heartbeat', () => events.confirmed(this.#heartbeats.sentAt))
    this.#consumer.on('consumer.crash', ({ payload }) => events.crashed(payload.error))
  }

  start(): void {
    this.#consumer
      .connect()
      .then(() => this.#consumer.subscribe({ topic: this.#topic, fromBeginning: true }))
      .then(() => this.#consumer.run({ autoCommit: false, eachBatch: () => Promise.resolve() }))
      .catch((error: unknown) => this.#events.crashed(error))
  }

  async committed(): Promise<ReadonlyMap<number, number>> {
    const { cluster, groupId, offsetManager } = this.#joinedGroup()
    return committedOf(cluster, await offsetManager.getCoordinator(), groupId, this.#topic)
  }

  bounds(partition: number): ReturnType<Member['bounds']> {
    return boundsOf(this.#joinedGroup().cluster, this.#topic, partition)
  }

  heartbeat(): void {
    this.#heartbeats.due()
    this.wake()
  }

  wake(): void {
    this.#woken.next()
  }

  async leave(): Promise<void> {
    await this.#consumer.disconnect().catch(() => undefined)
  }

  #joinedGroup(): Group {
    if (this.#group === undefined) throw new Error('the group is not joined yet')
    return this.#group
  }

  #joining(group: Group): void {
    this.#events.joining()
    if (this.#group === group) return
    this.#group = group
    this.#heartbeats.decideFor(group)
  }

  #joined(): void {
    const group = this.#joinedGroup()
    const { offsetManager } = group
    this.#refused = undefined
    const partitions = group.assigned().find(({ topic }) => topic === this.#topic)?.partitions ?? []
    this.#heartbeats.answered(this.#syncedAt)
    this.#events.joined({
      partitions,
      isLeader: group.isLeader(),
      sentAt: this.#syncedAt,
      commit: positions => this.#commit(offsetManager, positions),
    })
  }

  async #commit(offsetManager: Group['offsetManager'], positions: readonly Committable[]): Promise<void> {
    try {
      await commitOnce(offsetManager, this.#topic, positions)
    } catch (error) {
      if (offsetManager === this.#group?.offsetManager && isRefused(error)) {
        this.#refused = error
        this.wake()
      }
      throw error
    }
  }

  async #fetch(group: Group, nodeId: number): Promise<void> {
    const refused = this.#refused
    this.#refused = undefined
    // The client joins again.
    if (refused !== undefined) throw refused
    try {
      await this.#metadata.refresh(group.cluster)
      group.checkForStaleAssignment()
      const leaders = leadersOf(group.cluster, this.#topic)
      const assigned = group.assigned().find(({ topic }) => topic === this.#topic)?.partitions ?? []
      const leaderless = assigned.filter(partition => (leaders.get(partition) ?? -1) < 0)
      this.#metadata.isIncomplete = leaderless.length > 0
      this.#events.leaderless(leaderless)
      const ask = this.#events.toFetch(assigned.filter(partition => leaders.get(partition) === nodeId))
      const brought = ask === undefined ? false : await this.#ask(group.cluster, nodeId, ask)
      if (!brought && ask?.maxWaitMs !== idleMs) await firstValueFrom(race(this.#woken, timer(idleMs, this.#clock)))
    } catch (error) {
      await group.recoverFromFetch(error)
    }
  }

  async #ask(cluster: Cluster, nodeId: number, ask: Ask): Promise<boolean> {
    let fetched: readonly Fetched[] = []
    try {
      fetched = await fetchPartitions(cluster, nodeId, this.#topic, ask)
    } finally {
      this.#events.fetched(ask, fetched)
    }
    if (hasMoved(fetched)) {
      await cluster.refreshMetadata()
      return false
    }
    return fetched.some(({ batches }) => !batches.isEmpty)
  }
}

/** Opens members of the group with this client. */
export const groupMember =
  (kafka: Kafka, settings: KafkaSettings, clock: SchedulerLike): OpenMember =>
  (events, elapsed) =>
    new GroupMember({ kafka, settings, clock }, events, elapsed)
