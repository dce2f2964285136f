import { certain, type Expected } from './fold.ts'
import { type Version } from './version.ts'

/** An event to publish again, and the write timestamp in microseconds that its row is to get. */
export interface Republished {
  readonly partition: number
  readonly offset: number
  readonly writeTimestamp: number
}

const byPlace = (a: Version, b: Version): number => a.time - b.time || a.partition - b.partition || a.offset - b.offset

/**
 * The events that make a row what the topic says, from the first on that one of the differing cells needs: those behind it
 * must stand over it again. Undefined while an event behind the end of the audit is to decide.
 *
 * @param before microseconds: every event that the audit has not seen is read later
 */
export const toRepublish = (
  { cells: all }: Expected,
  cells: readonly number[],
  isLater: (version: Version) => boolean,
  before: number,
): Republished[] | undefined => {
  if (all.some(versions => versions?.some(isLater))) return undefined
  const stands = [...new Set(all.flatMap(versions => certain(versions)))].sort(byPlace)
  // Of a row that is not there, every column is needed.
  const needed = new Set((cells.includes(0) ? all : cells.map(cell => all[cell])).flatMap(certain))
  const again = stands.slice(stands.findIndex(version => needed.has(version)))
  return again.map(({ partition, offset }, index) => {
    return { partition, offset, writeTimestamp: before - (again.length - 1 - index) }
  })
}
