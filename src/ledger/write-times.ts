/**
 * The last digit of a write timestamp is that of the partition number. Two partitions never share a timestamp, unless their
 * numbers differ by a multiple of this. Of two writes with equal timestamps Cassandra keeps the larger value of each column, so
 * a row could become a mixture of two events.
 */
export const partitionStep = 10

/**
 * Write timestamps in microseconds: the time when a record is read, but always later than that of the previous record, even if
 * the clock is set back. A redelivered record gets a new, later one.
 */
export class WriteTimes {
  #last = 0

  /** @param now milliseconds since 1970 */
  next(partition: number, now: number): number {
    const earliest = Math.max(now * 1000, this.#last + 1)
    const digit = partition % partitionStep
    this.#last = earliest + ((digit - (earliest % partitionStep) + partitionStep) % partitionStep)
    return this.#last
  }
}
