/**
 * Whether this process is still a member of its group. A process that was suspended for longer than its session holds old
 * data, while another worker has written newer versions. It must not give its records current timestamps. Times are
 * those of `elapsed`, in milliseconds.
 */
export class Membership {
  readonly #sessionTimeoutMs: number
  readonly #elapsed: () => number
  #confirmedAt = -Infinity

  constructor(sessionTimeoutMs: number, elapsed: () => number) {
    this.#sessionTimeoutMs = sessionTimeoutMs
    this.#elapsed = elapsed
  }

  /** A request sent at this time was answered, so this process was a member then. */
  confirmed(sentAt: number): void {
    this.#confirmedAt = Math.max(this.#confirmedAt, sentAt)
  }

  /** Whether a request sent within half a session was answered. */
  get isConfirmed(): boolean {
    return this.#elapsed() - this.#confirmedAt < this.#sessionTimeoutMs / 2
  }
}
