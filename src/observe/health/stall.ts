/** The input of the watch. */
export interface Activity {
  /** A number that changes with any progress: records, commits, retries, responses. */
  readonly moved: number
  /** Whether there is work: records to read or in flight, a group to join, servers to connect to. */
  readonly hasWork: boolean
  /** No progress is expected before this time, in milliseconds since 1970: the time of the next retry. */
  readonly quietUntil: number
}

/**
 * Distinguishes a worker that hangs from one that waits for a fault to pass. Each retry counts as progress, so an outage is
 * not a stall, however long it is. A retry that never returns is a stall.
 */
export class StallWatch {
  readonly #stallMs: number
  #moved = Number.NaN
  #since: number

  /** @param now milliseconds since 1970 */
  constructor(stallMs: number, now: number) {
    this.#stallMs = stallMs
    this.#since = now
  }

  look({ moved, hasWork, quietUntil }: Activity, now: number): void {
    if (moved !== this.#moved || !hasWork) this.#since = now
    this.#moved = moved
    this.#since = Math.max(this.#since, Math.min(quietUntil, now))
  }

  /** How long there has been no progress, in milliseconds; undefined if that is not too long. */
  stalledFor(now: number): number | undefined {
    const ms = now - this.#since
    return ms > this.#stallMs ? ms : undefined
  }
}
