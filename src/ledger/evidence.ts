import { type Accepted } from '../model/record.ts'

type Kind = Accepted['change']['kind']

/**
 * Distinguishes a bad row from a server that refuses every row. A row is to blame only after this sequence: it was refused;
 * another write with the same statement was sent, and accepted; the row was sent again, and refused again. Moments are
 * counted, not timed.
 */
export class Evidence {
  #moment = 0
  readonly #accepted: Record<Kind, number> = { upsert: 0, remove: 0 }

  /** The moment of a write or of a refusal. */
  next(): number {
    return (this.#moment += 1)
  }

  /** @param sentAt the moment when these were sent */
  accepted(versions: readonly Accepted[], sentAt: number): void {
    for (const { change } of versions) this.#accepted[change.kind] = Math.max(this.#accepted[change.kind], sentAt)
  }

  /** Whether a write with the statement for this kind of change was sent after `refusedAt`, and accepted. */
  since(kind: Kind, refusedAt: number): boolean {
    return this.#accepted[kind] > refusedAt
  }
}
