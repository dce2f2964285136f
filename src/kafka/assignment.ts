import { isFull, judge, type Lane, newLane, type Verdict } from './lane.ts'
import { type Fetched, type FetchRequest } from './member.ts'

export interface FetchLimits {
  /** Bytes of all partitions together. */
  readonly maxBytes: number
  readonly maxBytesPerPartition: number
  readonly maxWaitMs: number
}

// How long to wait before a failed partition is fetched again.
const errorDelayMs = 250

// The least that is requested of each partition, however many share a fetch.
const leastShare = 65_536

/**
 * The partitions of one assignment: the position of each, and the data that has been fetched. Each join creates a new
 * assignment.
 */
export class Assignment {
  /** The number of this assignment in the process, from 1. */
  readonly number: number
  readonly #limits: FetchLimits
  readonly #elapsed: () => number
  readonly #lanes: ReadonlyMap<number, Lane>
  /** Least recently served first. */
  #toFetch: Lane[]
  #toDeliver: Lane[]
  readonly #pending = new Set<FetchRequest>()

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

  /** Sets the position of a partition. */
  locate(partition: number, position: number, end: number): void {
    const lane = this.#lanes.get(partition)
    if (lane !== undefined) Object.assign(lane, { position, end })
  }

  /**
   * The next fetch from the broker that leads these partitions. A partition is left out while a fetch of it is pending or
   * has undelivered data. Nothing is fetched while half of the bytes of a fetch are buffered. So no data is dropped.
   */
  toFetch(partitions: readonly number[]): FetchRequest | undefined {
    const { maxBytes, maxBytesPerPartition, maxWaitMs } = this.#limits
    const buffered = this.#toFetch.reduce((sum, { batches }) => sum + (batches?.bytesLeft ?? 0), 0)
    if (buffered > maxBytes / 2) return undefined
    const now = this.#elapsed()
    const fetchable = this.#toFetch.filter(
      lane =>
        partitions.includes(lane.partition) &&
        lane.position !== undefined &&
        !lane.isPending &&
        !isFull(lane) &&
        lane.notBefore <= now,
    )
    if (fetchable.length === 0) return undefined
    for (const lane of fetchable) lane.isPending = true
    const request: FetchRequest = {
      partitions: fetchable.map(({ partition, position = 0 }) => ({ partition, fetchOffset: position })),
      maxBytes,
      maxBytesPerPartition: Math.min(
        maxBytesPerPartition,
        Math.max(leastShare, Math.floor(maxBytes / fetchable.length)),
      ),
      // A fetch that waits at the broker could not include partitions that are delivered meanwhile.
      maxWaitMs: this.#toFetch.some(isFull) ? 0 : maxWaitMs,
    }
    this.#pending.add(request)
    return request
  }

  /** The request was answered or has failed. Returns whether it was of this assignment. */
  answered(request: FetchRequest): boolean {
    for (const { partition } of this.#pending.has(request) ? request.partitions : []) {
      const lane = this.#lanes.get(partition)
      if (lane !== undefined) lane.isPending = false
    }
    return this.#pending.delete(request)
  }

  /** Judges a response, and stores its data if it can be taken. */
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

  /** The next partition to deliver. Each delivers one record batch in turn, and at most one batch is decoded. */
  turn(): Lane | undefined {
    const unfinished = this.#toDeliver.find(({ ready }) => ready !== undefined)
    if (unfinished !== undefined) return unfinished
    const lane = this.#toDeliver.find(({ batches }) => batches !== undefined)
    if (lane !== undefined) this.#toDeliver = toTheEnd(this.#toDeliver, lane)
    return lane
  }

  /** Drops the data of a partition whose next record batch cannot be decoded, and fetches it again after the delay. */
  hold(lane: Lane, delayMs: number): void {
    lane.batches = undefined
    lane.notBefore = this.#elapsed() + delayMs
  }
}

const toTheEnd = (lanes: readonly Lane[], last: Lane): Lane[] => [...lanes.filter(lane => lane !== last), last]
