import { firstValueFrom, type SchedulerLike, timer } from 'rxjs'

/** Lets through no more than so many a second, whatever they are. */
export class Pace {
  readonly #perSecond: number
  readonly #clock: SchedulerLike
  #nextAt = 0

  constructor(perSecond: number, clock: SchedulerLike) {
    this.#perSecond = perSecond
    this.#clock = clock
  }

  /** Completes when the next `count` may begin. */
  async wait(count: number): Promise<void> {
    const now = this.#clock.now()
    const at = Math.max(now, this.#nextAt)
    this.#nextAt = at + (1000 * count) / this.#perSecond
    if (at - now >= 1) await firstValueFrom(timer(at - now, this.#clock))
  }
}
