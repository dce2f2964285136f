import { type Cells } from './cells.ts'

/** What one event does to one row, as the audit keeps it. */
export interface Version {
  readonly partition: number
  readonly offset: number
  /**
   * Microseconds. Of a replayed event and where the events' own time orders the writes, it is the write timestamp (there
   * rounded down to the millisecond); else the record's own time, before which it was not written.
   */
  readonly time: number
  readonly isReplayed: boolean
  /** It may never have come to the table: the table has refused it, or it lies behind the end of the audit. */
  readonly isOptional: boolean
  /** `unset` where the event leaves a column as it is. */
  readonly cells: Cells
  readonly hash: string
  /** The key, where rows are read by it; else empty. */
  readonly key: Buffer
}

/** A row as it was found in the table. */
export interface Found {
  readonly hash: string
  readonly cells: Cells
  /** The same without print-outs of a Scala `Option`. */
  readonly mended: Cells
  /** Microseconds at which each column was written; NaN where that cannot be read. */
  readonly writtenAt: Float64Array
}
