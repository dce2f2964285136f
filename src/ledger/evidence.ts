import { type Accepted } from '../model/record.ts'

type Kind = Accepted['change']['kind']

/**
 * What tells a row that the server refuses from a server that refuses every row. A row is to blame only after this order
 * of events: it was refused; then another write by the same statement was sent, and was accepted; then the row was sent
 * again, and was refused again. Moments are counted, not timed.
 */
export class Evidence {
  #moment = 0
  readonly #accepted: Record<Kind, number> = { upsert: 0, remove: 0 }

  /** The moment at which a write is sent, or at which one was refused. */
  next(): number {
    return (this.#moment += 1)
  }

  /** @param sentAt the moment at which these were sent */
  accepted(versions: readonly Accepted[], sentAt: number): void {
    for (const { change } of versions) this.#accepted[change.kind] = Math.max(this.#accepted[change.kind], sentAt)
  }

  /** Whether a write by the statement for this kind of change was sent after `refusedAt`, and was accepted. */
  since(kind: Kind, refusedAt: number): boolean {
    return this.#accepted[kind] > refusedAt
  }
}
