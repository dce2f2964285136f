import { firstValueFrom, race, type SchedulerLike, Subject, timer } from 'rxjs'
import { assignedOf, type Group } from './client-group.ts'
import { type Cluster, leadersOf } from './cluster.ts'
import { fetchPartitions, hasMoved } from './fetch-partitions.ts'
import { type Fetched, type FetchRequest, type MemberEvents } from './member.ts'
import { MetadataRefresh } from './metadata-refresh.ts'

// How long to wait when there is nothing to fetch. Data that is taken meanwhile wakes the fetch.
const idleMs = 100

/** Fetches from one broker at a time, as the client calls it. */
export class BrokerFetch {
  readonly #topic: string
  readonly #events: MemberEvents
  readonly #clock: SchedulerLike
  readonly #metadata: MetadataRefresh
  readonly #woken = new Subject<void>()

  constructor(topic: string, events: MemberEvents, clock: SchedulerLike, elapsed: () => number) {
    this.#topic = topic
    this.#events = events
    this.#clock = clock
    this.#metadata = new MetadataRefresh(elapsed)
  }

  /** Ends the wait of an idle fetch. */
  wake(): void {
    this.#woken.next()
  }

  async fetch(group: Group, nodeId: number): Promise<void> {
    await this.#metadata.refresh(group.cluster)
    group.checkForStaleAssignment()
    const leaders = leadersOf(group.cluster, this.#topic)
    const assigned = assignedOf(group, this.#topic)
    const leaderless = assigned.filter(partition => (leaders.get(partition) ?? -1) < 0)
    this.#metadata.isIncomplete = leaderless.length > 0
    this.#events.leaderless(leaderless)
    const request = this.#events.toFetch(assigned.filter(partition => leaders.get(partition) === nodeId))
    const hasData = request === undefined ? false : await this.#send(group.cluster, nodeId, request)
    if (!hasData && (request?.maxWaitMs ?? 0) === 0) await firstValueFrom(race(this.#woken, timer(idleMs, this.#clock)))
  }

  async #send(cluster: Cluster, nodeId: number, request: FetchRequest): Promise<boolean> {
    let fetched: readonly Fetched[] = []
    try {
      fetched = await fetchPartitions(cluster, nodeId, this.#topic, request)
    } finally {
      this.#events.fetched(request, fetched)
    }
    if (hasMoved(fetched)) {
      await cluster.refreshMetadata()
      return false
    }
    return fetched.some(({ batches }) => !batches.isEmpty)
  }
}
