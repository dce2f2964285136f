import { firstValueFrom, type SchedulerLike, timer } from 'rxjs'

/** Limits a rate: at most `perSecond` of anything. */
export class Pace {
  readonly #perSecond: number
  readonly #clock: SchedulerLike
  #nextAt = 0

  constructor(perSecond: number, clock: SchedulerLike) {
    this.#perSecond = perSecond
    this.#clock = clock
  }

  /** Resolves when the next `count` may start. */
  async wait(count: number): Promise<void> {
    const now = this.#clock.now()
    const at = Math.max(now, this.#nextAt)
    this.#nextAt = at + (1000 * count) / this.#perSecond
    if (at - now >= 1) await firstValueFrom(timer(at - now, this.#clock))
  }
}
