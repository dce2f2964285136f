/** What the watch looks at. */
export interface Activity {
  /** A number that changes with whatever happens: records, commits, tries, answers. */
  readonly moved: number
  /** Whether there is anything to do: records to read or in flight, a group to join, servers to reach. */
  readonly due: boolean
  /** Until when it is known that nothing will happen, in milliseconds since 1970: the next try of what waits. */
  readonly quietUntil: number
}

/**
 * Tells a worker that hangs from one that waits. Whoever waits out a fault tries again and again, and each try moves;
 * so the longest outage is no stall, and a try that never comes back is one.
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

  look({ moved, due, quietUntil }: Activity, now: number): void {
    if (moved !== this.#moved || !due) this.#since = now
    this.#moved = moved
    this.#since = Math.max(this.#since, Math.min(quietUntil, now))
  }

  /** For how long nothing has moved, in milliseconds, when that is too long. */
  stalledFor(now: number): number | undefined {
    const ms = now - this.#since
    return ms > this.#stallMs ? ms : undefined
  }
}
