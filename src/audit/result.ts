/** What an audit has counted. */
export class Totals {
  /** Messages read between the begin and the end of the audit; and behind it, where rows may be ahead. */
  events = 0
  later = 0
  accepted = 0
  rejected = 0
  /** Events that became dead letters because the table refused their row. */
  refused = 0
  replayed = 0
  /** Record batches that cannot be decoded. */
  undecodable = 0
  /** Offsets without a message, by compaction. */
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
  /** Rows that no event names: written since the audited events began, and before. */
  extra = 0
  before = 0
  readonly columns = new Map<string, number>()

  lettersFound = 0
  othersLetters = 0
  noLetter = 0
  letterTwice = 0
  unexpectedLetter = 0
  unclearLetter = 0

  /** What keeps the audit from a verdict, for people. */
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

/** What may differ; the first six are of rows, the others of dead letters. A letter that is there twice is no fault. */
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

/** One difference; never a value. */
export interface Difference {
  readonly kind: DifferenceKind
  /** Of the event that should stand there; undefined for a row without an event. */
  readonly partition?: number | undefined
  readonly offset?: number | undefined
  readonly keyHash?: string
  readonly columns?: readonly string[]
}
