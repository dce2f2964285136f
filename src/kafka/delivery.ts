import { firstValueFrom, type SchedulerLike, timer } from 'rxjs'
import { WriteTimes } from '../ledger/write-times.ts'
import { type KafkaRecord } from '../model/record.ts'
import { type Assignment } from './assignment.ts'
import { deliveries, type DeliveryTrace } from './delivery-trace.ts'
import { type UndecodableBatch } from './fetch/fetched.ts'
import { type Lane, type Ready } from './lane.ts'
import { type Membership } from './membership.ts'
import { toRecord } from './to-record.ts'

/** The receiver of deliveries and their events. */
export interface DeliveryPort {
  /** Receives a record; may pause the delivery. */
  next(record: KafkaRecord): void
  /** All data of a partition is delivered, so it can be fetched again. */
  drained(): void
  /** The partition has been delivered up to `position`. */
  reached(partition: number, position: number, end: number): void
  undecodable(partition: number, batch: UndecodableBatch): void
  /** The delivery needs a heartbeat. Call deliver() again once it is answered. */
  unconfirmed(): void
}

// The longest time without a break for heartbeats and responses.
const longestTurnMs = 30

/** Delivers the data of an assignment, a record batch of each partition in turn, unless it is paused. */
export class Delivery {
  paused = false
  #assignment: Assignment | undefined
  #delivering = false
  /** Whether deliver() was called since the last turn began. */
  #isRequested = false
  readonly #port: DeliveryPort
  readonly #membership: Membership
  readonly #retryMs: number
  readonly #clock: SchedulerLike
  readonly #elapsed: () => number
  readonly #writeTimes = new WriteTimes()

  /** @param retryMs the delay before a record batch that cannot be decoded is fetched again */
  constructor(
    port: DeliveryPort,
    membership: Membership,
    { clock, elapsed, retryMs }: { clock: SchedulerLike; elapsed: () => number; retryMs: number },
  ) {
    this.#port = port
    this.#membership = membership
    this.#retryMs = retryMs
    this.#clock = clock
    this.#elapsed = elapsed
  }

  /** Delivers only records of this assignment from now on. */
  assign(assignment: Assignment | undefined): void {
    this.#assignment = assignment
  }

  /** Delivers all data. It never waits for writes, because heartbeats wait for it (tulios/kafkajs#130). */
  async deliver(): Promise<void> {
    this.#isRequested = true
    if (this.#delivering) return
    this.#delivering = true
    try {
      let since = this.#elapsed()
      while (this.#isRequested) {
        this.#isRequested = false
        // Data that arrives during the turn must not wait for the next heartbeat.
        if (!(await this.#turn())) continue
        this.#isRequested = true
        if (this.#elapsed() - since < longestTurnMs) continue
        await firstValueFrom(timer(1, this.#clock))
        since = this.#elapsed()
      }
    } finally {
      this.#delivering = false
    }
  }

  /** Decodes and delivers a record batch. Returns false if there is nothing to do now. */
  async #turn(): Promise<boolean> {
    const assignment = this.#assignment
    const lane = assignment?.turn()
    if (assignment === undefined || lane === undefined || this.paused) return false
    if (lane.ready === undefined) await this.#decode(assignment, lane)
    // After another join, these partitions are not delivered any more.
    return assignment !== this.#assignment || this.#deliverReady(assignment, lane)
  }

  async #decode(assignment: Assignment, lane: Lane): Promise<void> {
    const taken = await lane.batches?.take()
    if (assignment !== this.#assignment) return
    if (taken?.kind === 'records') lane.ready = { messages: taken.messages, next: 0, nextOffset: taken.nextOffset }
    else if (taken?.kind === 'undecodable') {
      assignment.hold(lane, this.#retryMs)
      this.#port.undecodable(lane.partition, taken)
    }
    if (lane.batches?.isEmpty === true || taken === undefined) lane.batches = undefined
  }

  /** Returns false if the rest has to wait. */
  #deliverReady(assignment: Assignment, lane: Lane): boolean {
    const { ready } = lane
    if (ready === undefined) {
      if (lane.batches === undefined) this.#port.drained()
      return true
    }
    // Taken before the membership is checked, so that a suspension after this line cannot make the time newer.
    const readAt = this.#clock.now()
    if (!this.#membership.isConfirmed) {
      this.#port.unconfirmed()
      return false
    }
    const first = ready.messages[ready.next]?.offset ?? ready.nextOffset
    const trace: DeliveryTrace = { partition: lane.partition, first, next: first }
    deliveries.traceSync(() => this.#deliverMessages(assignment.number, lane, ready, readAt, trace), trace)
    lane.position = trace.next
    if (ready.next === ready.messages.length) lane.ready = undefined
    this.#port.reached(lane.partition, lane.position, Math.max(lane.end, lane.position))
    if (lane.ready === undefined && lane.batches === undefined) this.#port.drained()
    return !this.paused
  }

  /** Delivers up to the end of the record batch, or until the delivery is paused. */
  #deliverMessages(assignment: number, lane: Lane, ready: Ready, readAt: number, trace: DeliveryTrace): void {
    const { messages } = ready
    for (; ready.next < messages.length && !this.paused; ready.next += 1) {
      const message = messages[ready.next]
      if (message !== undefined) this.#port.next(toRecord(message, lane, assignment, readAt, this.#writeTimes))
    }
    trace.next = messages[ready.next]?.offset ?? ready.nextOffset
  }
}
