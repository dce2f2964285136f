/**
 * Write timestamps in microseconds: the time at which a record is read, and always later than that of the record before
 * it in its partition, also when several come within a microsecond or the clock is set back. A redelivered record gets a
 * new, later one.
 */
export class WriteTimes {
  readonly #last = new Map<number, number>()

  /** @param now milliseconds since 1970 */
  next(partition: number, now: number): number {
    const time = Math.max(now * 1000, (this.#last.get(partition) ?? 0) + 1)
    this.#last.set(partition, time)
    return time
  }
}
