import { certain, type Expected } from './fold.ts'
import { type Version } from './version.ts'

/** An event to publish again, and the write timestamp for its row in microseconds. */
export interface Republished {
  readonly partition: number
  readonly offset: number
  readonly writeTimestamp: number
}

const byPlace = (a: Version, b: Version): number => a.time - b.time || a.partition - b.partition || a.offset - b.offset

/**
 * The events that repair a row: from the first one that a differing cell needs, with all events after it, because these must
 * win over it again. Undefined if an event after the end of the audited range changes the row.
 *
 * @param before microseconds: every event that the audit did not read is read by the worker after this time
 */
export const toRepublish = (
  { cells: all }: Expected,
  cells: readonly number[],
  isLater: (version: Version) => boolean,
  before: number,
): Republished[] | undefined => {
  if (all.some(versions => versions?.some(isLater))) return undefined
  const stands = [...new Set(all.flatMap(versions => certain(versions)))].sort(byPlace)
  // A row that does not exist needs every column.
  const needed = new Set((cells.includes(0) ? all : cells.map(cell => all[cell])).flatMap(certain))
  const again = stands.slice(stands.findIndex(version => needed.has(version)))
  return again.map(({ partition, offset }, index) => {
    return { partition, offset, writeTimestamp: before - (again.length - 1 - index) }
  })
}
