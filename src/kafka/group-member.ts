import { type Consumer, type Kafka } from 'kafkajs'
import { type SchedulerLike } from 'rxjs'
import { type KafkaSettings } from '../config/settings.ts'
import { Fault } from '../model/faults.ts'
import { BrokerFetch } from './broker-fetch.ts'
import { assignedOf, type Group } from './client-group.ts'
import { commitOnce, isRefused } from './commit-once.ts'
import { boundsOf, committedOf, offsetAt } from './cluster.ts'
import { openGroupConsumer } from './group-consumer.ts'
import { Heartbeats } from './heartbeats.ts'
import { type Committable, type Member, type MemberEvents, type OpenMember } from './member.ts'

/** Partitions of another topic are never read by this worker, and its own may have gone to a member that does not read them. */
const shared = (groupId: string, topics: readonly string[]): Fault =>
  new Fault(
    'misconfigured',
    `the group ${groupId} also has consumers of topic ${topics.join(', ')}, so this worker does not get its partitions: ` +
      'set another KAFKA_GROUP_ID for each topic',
  )

interface MemberClient {
  readonly kafka: Kafka
  readonly settings: KafkaSettings
  readonly clock: SchedulerLike
}

/** A member built on kafkajs, which keeps connections, metadata and membership. We decide what is fetched, and when. */
class GroupMember implements Member {
  readonly #events: MemberEvents
  readonly #topic: string
  readonly #heartbeats: Heartbeats
  readonly #fetches: BrokerFetch
  readonly #consumer: Consumer
  #group: Group | undefined
  /** Why the member has to join again. */
  #refused: Error | undefined
  #syncedAt = 0
  /** Why the latest assignment must not be read. */
  #fault: Fault | undefined

  constructor({ kafka, settings, clock }: MemberClient, events: MemberEvents, elapsed: () => number) {
    this.#events = events
    this.#topic = settings.topic
    this.#heartbeats = new Heartbeats(settings.heartbeatIntervalMs, elapsed)
    this.#fetches = new BrokerFetch(settings.topic, events, clock, elapsed)
    this.#consumer = openGroupConsumer(kafka, settings, {
      fetch: (group, nodeId) => this.#fetch(group, nodeId),
      joining: group => this.#joining(group),
      syncing: () => {
        this.#syncedAt = elapsed()
        this.#fault = undefined
      },
    })
    // Precedes the join that it belongs to.
    this.#consumer.on('consumer.received_unsubscribed_topics', ({ payload }) => {
      this.#fault = shared(payload.groupId, payload.topicsNotSubscribed)
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

  offsetAt(partition: number, time: number): Promise<number | undefined> {
    return offsetAt(this.#joinedGroup().cluster, this.#topic, partition, time)
  }

  heartbeat(): void {
    this.#heartbeats.request()
    this.wake()
  }

  wake(): void {
    this.#fetches.wake()
  }

  async leave(): Promise<void> {
    await this.#consumer.disconnect().catch(() => undefined)
  }

  #joinedGroup(): Group {
    if (this.#group === undefined) throw new Error('the member has not joined the group yet')
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
    this.#heartbeats.answered(this.#syncedAt)
    this.#events.joined({
      partitions: assignedOf(group, this.#topic),
      isLeader: group.isLeader(),
      sentAt: this.#syncedAt,
      fault: this.#fault,
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
    // Makes the client join again.
    if (refused !== undefined) throw refused
    try {
      await this.#fetches.fetch(group, nodeId)
    } catch (error) {
      await group.recoverFromFetch(error)
    }
  }
}

/** Opens members of the group with this client. */
export const groupMember =
  (kafka: Kafka, settings: KafkaSettings, clock: SchedulerLike): OpenMember =>
  (events, elapsed) =>
    new GroupMember({ kafka, settings, clock }, events, elapsed)
