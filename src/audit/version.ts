import { type Cells } from './cells.ts'

/** The change that one event makes to one row, as the audit keeps it. */
export interface Version {
  readonly partition: number
  readonly offset: number
  /**
   * Microseconds. The write timestamp, if the event was replayed or if the time in the event orders the writes (then rounded
   * down to the millisecond). Otherwise the record's timestamp, before which the event was not written.
   */
  readonly time: number
  readonly isReplayed: boolean
  /** It may not have been written: the table refused it, or it is after the end of the audited range. */
  readonly isOptional: boolean
  /** `unset` if the event leaves a column unchanged. */
  readonly cells: Cells
  readonly hash: string
  /** The key if rows are read by key, otherwise empty. */
  readonly key: Buffer
}

/** A row as it is in the table. */
export interface Found {
  readonly hash: string
  readonly cells: Cells
  /** The same after print-outs of a Scala `Option` are repaired. */
  readonly mended: Cells
  /** The write time of each column in microseconds; NaN if it cannot be read. */
  readonly writtenAt: Float64Array
}
