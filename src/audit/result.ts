/** The counts of an audit. */
export class Totals {
  /** Messages in the audited range, and messages after it, which may have changed rows already. */
  events = 0
  later = 0
  accepted = 0
  rejected = 0
  /** Events that became dead letters because the table refused their row. */
  refused = 0
  replayed = 0
  /** Record batches that cannot be decoded. */
  undecodable = 0
  /** Offsets whose message was removed by compaction. */
  compacted = 0

  rows = 0
  equal = 0
  explained = 0
  missing = 0
  different = 0
  older = 0
  newer = 0
  printOut = 0
  unclear = 0
  /** Rows without an event: written after the first audited event, and before it. */
  extra = 0
  before = 0
  readonly columns = new Map<string, number>()

  lettersFound = 0
  othersLetters = 0
  noLetter = 0
  letterTwice = 0
  unexpectedLetter = 0
  unclearLetter = 0

  /** Why the audit cannot come to a verdict, for people. */
  readonly obstacles: string[] = []

  get rowDifferences(): number {
    return this.missing + this.different + this.older + this.newer + this.printOut + this.extra
  }

  get differences(): number {
    return this.rowDifferences + this.noLetter + this.unexpectedLetter
  }

  get verdict(): 'agrees' | 'differs' | 'cannot-tell' {
    if (this.differences > 0) return 'differs'
    return this.unclear + this.unclearLetter + this.obstacles.length > 0 ? 'cannot-tell' : 'agrees'
  }
}

/** What may differ: the first six in rows, the others in dead letters. A dead letter published twice is not a fault. */
export type DifferenceKind =
  | 'missing'
  | 'different'
  | 'older'
  | 'newer'
  | 'print-out'
  | 'extra'
  | 'no-letter'
  | 'unexpected-letter'
  | 'letter-twice'
  | 'unclear'

/** One difference. It contains no value. */
export interface Difference {
  readonly kind: DifferenceKind
  /** The partition and offset of the expected event; undefined for a row without an event. */
  readonly partition?: number | undefined
  readonly offset?: number | undefined
  readonly keyHash?: string
  readonly columns?: readonly string[]
}
