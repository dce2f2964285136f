import { type SchedulerLike, type VirtualAction, VirtualTimeScheduler } from 'rxjs'

const nextTurn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

/**
 * Virtual time for code with promises: after each action, everything that follows through promises alone has happened too. The
 * wall clock can be set; the monotonic clock, `now`, only advances.
 */
export class SteppedTime extends VirtualTimeScheduler {
  /** The offset of the wall clock from `now`. */
  skewMs = 0

  /** A scheduler whose `now` is the wall clock. */
  readonly wall: SchedulerLike = {
    now: () => this.now() + this.skewMs,
    schedule: (...args: Parameters<SchedulerLike['schedule']>) => this.schedule(...args),
  }

  /** Runs everything that needs no time. */
  settle(): Promise<void> {
    return nextTurn()
  }

  async advance(ms: number): Promise<void> {
    const end = this.frame + ms
    await nextTurn()
    await this.#run(() => false, end)
    this.frame = end
  }

  /** Runs until the condition holds, or nothing more happens before `end`, in milliseconds. */
  async until(done: () => boolean, end: number): Promise<void> {
    await nextTurn()
    await this.#run(done, end)
  }

  async #run(done: () => boolean, end: number): Promise<void> {
    const { actions } = this as unknown as { readonly actions: VirtualAction<unknown>[] }
    for (let action = actions[0]; !done() && action !== undefined; action = actions[0]) {
      const { delay } = action
      if (delay > end) return
      actions.shift()
      this.frame = delay
      const error: unknown = action.execute(action.state, delay)
      if (error !== undefined) throw error as Error
      await nextTurn()
    }
  }
}
