import { type KafkaRecord, type Position } from '../model/record.ts'

const initialCapacity = 1024

/**
 * Tracks the records of one partition in one assignment. They are read in order and settled in any order. `next` is the
 * offset to commit: every record before it is settled. Each record costs constant time and 9 bytes, in ring buffers that
 * double when they are full.
 */
export class OffsetTracker {
  #offsets = new Float64Array(initialCapacity)
  #settled = new Uint8Array(initialCapacity)
  #head = 0
  #tail = 0
  #next: number | undefined

  /** The offset to commit; undefined until the first record is settled. */
  get next(): number | undefined {
    return this.#next
  }

  read(sequence: number, offset: number): void {
    if (sequence !== this.#tail) throw new Error(`record ${sequence} was read, but ${this.#tail} was expected`)
    if (this.#tail - this.#head === this.#offsets.length) this.#grow()
    const slot = this.#tail & (this.#offsets.length - 1)
    this.#offsets[slot] = offset
    this.#settled[slot] = 0
    this.#tail += 1
  }

  settle(sequence: number): void {
    const mask = this.#offsets.length - 1
    if (sequence < this.#head || sequence >= this.#tail || this.#settled[sequence & mask] === 1) {
      throw new Error(`record ${sequence} was settled twice or never read`)
    }
    this.#settled[sequence & mask] = 1
    while (this.#head < this.#tail && this.#settled[this.#head & mask] === 1) {
      this.#next = (this.#offsets[this.#head & mask] ?? 0) + 1
      this.#head += 1
    }
  }

  #grow(): void {
    const capacity = this.#offsets.length
    const offsets = new Float64Array(capacity * 2)
    const settled = new Uint8Array(capacity * 2)
    for (let sequence = this.#head; sequence < this.#tail; sequence += 1) {
      offsets[sequence & (capacity * 2 - 1)] = this.#offsets[sequence & (capacity - 1)] ?? 0
      settled[sequence & (capacity * 2 - 1)] = this.#settled[sequence & (capacity - 1)] ?? 0
    }
    this.#offsets = offsets
    this.#settled = settled
  }
}

interface Tracked {
  readonly assignment: number
  readonly tracker: OffsetTracker
  committed: number | undefined
}

/**
 * The offsets that may be committed, by partition. Each assignment starts a new tracker for a partition. Records that an
 * earlier assignment settles later do not count: the same offsets are read again, and written again with newer timestamps.
 * The committed offset must not run ahead of those writes.
 */
export class OffsetLedger {
  readonly #partitions = new Map<number, Tracked>()

  read({ partition, assignment, sequence, offset }: KafkaRecord): void {
    let tracked = this.#partitions.get(partition)
    if (tracked === undefined || tracked.assignment < assignment) {
      tracked = { assignment, tracker: new OffsetTracker(), committed: undefined }
      this.#partitions.set(partition, tracked)
    }
    tracked.tracker.read(sequence, offset)
  }

  settle({ partition, assignment, sequence }: KafkaRecord): void {
    const tracked = this.#partitions.get(partition)
    if (tracked?.assignment === assignment) tracked.tracker.settle(sequence)
  }

  /** Drops the trackers of this assignment and of earlier ones. */
  end(assignment: number): void {
    for (const [partition, tracked] of this.#partitions) {
      if (tracked.assignment <= assignment) this.#partitions.delete(partition)
    }
  }

  /** The positions that may be committed and have not been. */
  committable(): Position[] {
    return [...this.#partitions].flatMap(([partition, { assignment, tracker, committed }]) =>
      tracker.next === undefined || tracker.next === committed ? [] : [{ partition, offset: tracker.next, assignment }],
    )
  }

  committed(positions: readonly Position[]): void {
    for (const { partition, offset, assignment } of positions) {
      const tracked = this.#partitions.get(partition)
      if (tracked?.assignment === assignment) tracked.committed = offset
    }
  }
}
