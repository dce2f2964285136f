import { type Observable, Subject, takeUntil } from 'rxjs'
import { type Position } from '../model/record.ts'
import { Assignment } from './assignment.ts'
import { type ConsumerEvents } from './consumer-events.ts'
import { Delivery } from './delivery.ts'
import { locate, locateAnew, type Locating } from './locate.ts'
import { lookForSkip } from './look-for-skip.ts'
import { type Fetched, type FetchRequest, type Join, type Member } from './member.ts'
import { Membership } from './membership.ts'
import { type ReaderPort, type ReaderSettings, type Timing } from './reader-port.ts'
import { Waiting } from './waiting.ts'

/** How often a record batch that cannot be decoded is retried: an operator may have skipped it. */
const undecodableRetryMs = 5_000

/** Reads the assigned partitions: looks up their positions, takes responses, and delivers records. */
export class GroupReader {
  /** The numbers of assignments that have ended. */
  readonly ended = new Subject<number>()
  readonly delivery: Delivery
  readonly #membership: Membership
  readonly #waiting: Waiting
  readonly #settings: ReaderSettings
  readonly #events: ConsumerEvents
  readonly #port: ReaderPort
  readonly #timing: Timing
  #join: Join | undefined
  #assignment: Assignment

  constructor(settings: ReaderSettings, events: ConsumerEvents, port: ReaderPort, timing: Timing) {
    const { clock, elapsed } = timing
    this.#settings = settings
    this.#events = events
    this.#port = port
    this.#timing = timing
    this.#membership = new Membership(settings.sessionTimeoutMs, elapsed)
    this.#waiting = new Waiting(events)
    this.#assignment = new Assignment(0, [], settings.limits, elapsed)
    this.delivery = new Delivery(
      {
        next: record => port.next(record),
        drained: () => port.member()?.wake(),
        reached: (partition, position, end) => {
          this.#waiting.over(partition)
          events.reached(partition, position, end)
        },
        undecodable: (partition, { offset, why }) => this.#undecodable(partition, offset, why),
        unconfirmed: () => port.member()?.heartbeat(),
      },
      this.#membership,
      { clock, elapsed, retryMs: undecodableRetryMs },
    )
  }

  joined(member: Member, join: Join): void {
    this.#membership.confirmed(join.sentAt)
    this.ended.next(this.#assignment.number)
    this.#waiting.clear()
    this.#join = join
    this.#assignment = new Assignment(
      this.#assignment.number + 1,
      join.partitions,
      this.#settings.limits,
      this.#timing.elapsed,
    )
    this.delivery.assign(this.#assignment)
    this.#search(locate(this.#locating(member), join))
  }

  /** Another member may get the partitions, so nothing is delivered until the next join. */
  lost(): void {
    this.delivery.assign(undefined)
  }

  confirmed(sentAt: number): void {
    this.#membership.confirmed(sentAt)
    this.deliver()
  }

  toFetch(partitions: readonly number[]): FetchRequest | undefined {
    return this.delivery.paused ? undefined : this.#assignment.toFetch(partitions)
  }

  fetched(member: Member, request: FetchRequest, answers: readonly Fetched[]): void {
    // A request of an earlier assignment.
    if (!this.#assignment.answered(request)) return
    for (const answer of answers) {
      const verdict = this.#assignment.take(answer)
      if (verdict === 'take') this.#port.answered(answer.partition)
      if (verdict === 'locate') this.#search(locateAnew(this.#locating(member), answer.partition, answer.fetchOffset))
    }
    this.deliver()
  }

  leaderless(partitions: readonly number[]): void {
    this.#waiting.leaderless(this.#assignment, partitions)
    for (const partition of partitions) this.#port.answered(partition)
  }

  deliver(): void {
    this.delivery.deliver().catch((error: unknown) => this.#port.failed(error))
  }

  /** Commits the positions of the current assignment and returns them. @throws the client's errors */
  async commit(positions: readonly Position[]): Promise<Position[]> {
    const ours = positions.filter(position => position.assignment === this.#assignment.number)
    if (ours.length === 0 || this.#join === undefined) return []
    await this.#join.commit(ours)
    return ours
  }

  #undecodable(partition: number, offset: number, why: string): void {
    this.#waiting.waits(partition, offset, why)
    const member = this.#port.member()
    if (member === undefined) return
    const end = this.#assignment.lane(partition)?.end ?? offset
    this.#search(lookForSkip(this.#locating(member), partition, offset, end))
  }

  /** A search ends with its assignment, and later results are dropped. */
  #search(search: Observable<unknown>): void {
    search.pipe(takeUntil(this.ended)).subscribe({ error: (error: unknown) => this.#port.failed(error) })
  }

  #locating(member: Member): Locating {
    const during = this.#assignment
    const { backoff, offsetReset } = this.#settings
    return {
      member,
      offsetReset,
      retrying: { backoff, watch: this.#events.watch('locate'), ...this.#timing },
      events: {
        begun: () => {
          if (during === this.#assignment) this.#events.assigned(during.number, during.partitions)
        },
        located: (partition, start, end) => {
          if (during !== this.#assignment) return
          if (start.outOfRange !== undefined) this.#events.outOfRange(partition, start)
          this.#waiting.over(partition)
          during.locate(partition, start.offset, end)
          this.#events.reached(partition, start.offset, end)
          member.wake()
        },
        unavailable: (partition, offset, why) => {
          if (during === this.#assignment) this.#waiting.waits(partition, offset, why)
        },
      },
    }
  }
}
