import { type Group } from './client-group.ts'

/**
 * Decides when a heartbeat is due. The client asks by Date.now(): with a clock that is set back an hour it would send none
 * for an hour. Times are those of `elapsed`, in milliseconds.
 */
export class Heartbeats {
  /** When the last heartbeat was sent. */
  sentAt = 0
  readonly #intervalMs: number
  readonly #elapsed: () => number
  #answeredAt = -Infinity

  constructor(intervalMs: number, elapsed: () => number) {
    this.#intervalMs = intervalMs
    this.#elapsed = elapsed
  }

  /** The next one is due at once. */
  due(): void {
    this.#answeredAt = -Infinity
  }

  /** A request sent at this time was answered, and does as well as a heartbeat. */
  answered(sentAt: number): void {
    this.#answeredAt = sentAt
  }

  /** The client reads `lastRequest` to see whether one is due, and sets it when one was answered (2.2.4, consumerGroup.js). */
  decideFor(group: Group): void {
    Object.defineProperty(group, 'lastRequest', {
      get: () => {
        const now = this.#elapsed()
        if (now - this.#answeredAt < this.#intervalMs) return Infinity
        this.sentAt = now
        return -Infinity
      },
      set: () => this.answered(this.sentAt),
    })
  }
}
