import { type Group } from './client-group.ts'

/**
 * Decides when a heartbeat is due. The client uses Date.now(): if the clock is set back an hour, it would send no heartbeat for
 * an hour. Times are those of `elapsed`, in milliseconds.
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

  /** Makes a heartbeat due at once. */
  request(): void {
    this.#answeredAt = -Infinity
  }

  /** A heartbeat, or another request that confirms the membership, was answered. It was sent at this time. */
  answered(sentAt: number): void {
    this.#answeredAt = sentAt
  }

  /** The client reads `lastRequest` to decide whether a heartbeat is due, and sets it after a response (2.2.4, consumerGroup.js). */
  decideFor(group: Group): void {
    Object.defineProperty(group, 'lastRequest', {
      get: () => {
        const now = this.#elapsed()
        if (now - this.#answeredAt < this.#intervalMs) return Infinity
        this.sentAt = now
        return -Infinity
      },
      set: () => {
        this.answered(this.sentAt)
      },
    })
  }
}
