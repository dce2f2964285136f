import { isFull, judge, type Lane, newLane, type Verdict } from './lane.ts'
import { type Ask, type Fetched } from './member.ts'

export interface FetchLimits {
  /** Bytes that are fetched of all partitions together. */
  readonly maxBytes: number
  readonly maxBytesPerPartition: number
  readonly maxWaitMs: number
}

// A partition that failed is asked again after this long.
const errorDelayMs = 250

// So much of each partition is asked for at least, however many share the bytes of a fetch.
const leastShare = 65_536

/**
 * The partitions that one join gave us: where each is read, and what was fetched of it. It is made by the join and never
 * changed by another one: a new join makes a new assignment.
 */
export class Assignment {
  /** Counts the assignments of this process, from 1. */
  readonly number: number
  readonly #limits: FetchLimits
  readonly #elapsed: () => number
  readonly #lanes: ReadonlyMap<number, Lane>
  /** Those first that were served longest ago. */
  #toFetch: Lane[]
  #toDeliver: Lane[]
  readonly #asks = new Set<Ask>()

  constructor(number: number, partitions: readonly number[], limits: FetchLimits, elapsed: () => number) {
    this.number = number
    this.#limits = limits
    this.#elapsed = elapsed
    this.#lanes = new Map(partitions.map(partition => [partition, newLane(partition)]))
    this.#toFetch = [...this.#lanes.values()]
    this.#toDeliver = [...this.#toFetch]
  }

  get partitions(): number[] {
    return [...this.#lanes.keys()]
  }

  lane(partition: number): Lane | undefined {
    return this.#lanes.get(partition)
  }

  /** From here the partition is read. */
  locate(partition: number, position: number, end: number): void {
    const lane = this.#lanes.get(partition)
    if (lane !== undefined) Object.assign(lane, { position, end })
  }

  /**
   * What to fetch of these partitions, all led by one broker. A partition is not asked for while something of it is under
   * way or undelivered, and none is while half of what one fetch brings still waits; so nothing fetched is thrown away.
   */
  toFetch(led: readonly number[]): Ask | undefined {
    const { maxBytes, maxBytesPerPartition, maxWaitMs } = this.#limits
    const buffered = this.#toFetch.reduce((sum, { batches }) => sum + (batches?.bytesLeft ?? 0), 0)
    if (buffered > maxBytes / 2) return undefined
    const now = this.#elapsed()
    const due = this.#toFetch.filter(
      lane =>
        led.includes(lane.partition) &&
        lane.position !== undefined &&
        !lane.asked &&
        !isFull(lane) &&
        lane.notBefore <= now,
    )
    if (due.length === 0) return undefined
    for (const lane of due) lane.asked = true
    const ask: Ask = {
      partitions: due.map(({ partition, position = 0 }) => ({ partition, fetchOffset: position })),
      maxBytes,
      maxBytesPerPartition: Math.min(maxBytesPerPartition, Math.max(leastShare, Math.floor(maxBytes / due.length))),
      // Who waits at the broker cannot ask for what is delivered meanwhile.
      maxWaitMs: this.#toFetch.some(isFull) ? 0 : maxWaitMs,
    }
    this.#asks.add(ask)
    return ask
  }

  /** Whether the ask was of this assignment; its partitions may be asked for again. */
  answered(ask: Ask): boolean {
    for (const { partition } of this.#asks.has(ask) ? ask.partitions : []) {
      const lane = this.#lanes.get(partition)
      if (lane !== undefined) lane.asked = false
    }
    return this.#asks.delete(ask)
  }

  /** Judges a fetch, and keeps what is to be taken. */
  take(fetched: Fetched): Verdict {
    const lane = this.#lanes.get(fetched.partition)
    const verdict = judge(lane, fetched)
    if (lane === undefined) return verdict
    if (verdict === 'locate') lane.position = undefined
    if (verdict === 'later' && fetched.errorCode !== 0) lane.notBefore = this.#elapsed() + errorDelayMs
    if (verdict !== 'take') return verdict
    lane.end = fetched.end
    if (fetched.batches.isEmpty) return verdict
    lane.batches = fetched.batches
    this.#toFetch = toTheEnd(this.#toFetch, lane)
    return verdict
  }

  /** The partition whose turn it is to deliver: each has one record batch a turn, and at most one batch is decoded. */
  turn(): Lane | undefined {
    const unfinished = this.#toDeliver.find(({ ready }) => ready !== undefined)
    if (unfinished !== undefined) return unfinished
    const lane = this.#toDeliver.find(({ batches }) => batches !== undefined)
    if (lane !== undefined) this.#toDeliver = toTheEnd(this.#toDeliver, lane)
    return lane
  }

  /** Drops what is left of a fetch whose next record batch cannot be decoded; it is fetched again after this long. */
  hold(lane: Lane, delayMs: number): void {
    lane.batches = undefined
    lane.notBefore = this.#elapsed() + delayMs
  }
}

const toTheEnd = (lanes: readonly Lane[], last: Lane): Lane[] => [...lanes.filter(lane => lane !== last), last]
