/**
 * Write timestamps in microseconds: the time when a record is read, but always later than that of the previous record in its
 * partition, even if the clock is set back. A redelivered record gets a new, later one.
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
