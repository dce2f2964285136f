/**
 * Whether this process is still a member of its group. A process that was stopped for longer than its session wakes with
 * what it had fetched, while another worker has read on and written newer versions: it must not give these records
 * timestamps of now. Times are those of `elapsed`, in milliseconds.
 */
export class Membership {
  readonly #sessionTimeoutMs: number
  readonly #elapsed: () => number
  #confirmedAt = -Infinity

  constructor(sessionTimeoutMs: number, elapsed: () => number) {
    this.#sessionTimeoutMs = sessionTimeoutMs
    this.#elapsed = elapsed
  }

  /** A request sent at this time was answered: the group had us as a member then. */
  confirmed(sentAt: number): void {
    this.#confirmedAt = Math.max(this.#confirmedAt, sentAt)
  }

  /** Whether a request sent within half a session was answered. */
  get isConfirmed(): boolean {
    return this.#elapsed() - this.#confirmedAt < this.#sessionTimeoutMs / 2
  }
}
