import { absent } from './cells.ts'
import { certain, type Expected } from './fold.ts'
import { type Found, type Version } from './version.ts'

/** What the comparison depends on, besides the versions and the row. */
export interface Context {
  /** Whether the time in the event orders the writes. */
  readonly byEvent: boolean
  /** Whether the audit read every event that the topic ever had. */
  readonly isWhole: boolean
  /** Microseconds: the worker read all audited events before this time. */
  readonly endedAt: number
}

/**
 * How a row compares with what the topic says about it.
 *
 * - `equal`: every column that an event sets has the expected value.
 * - `explained`: no row is expected, because dead letters say that the table refused it.
 * - `missing`: there is no row.
 * - `different`: a column has another value.
 * - `newer`: the same, but it was written later than the event's columns that agree, or after the audit started.
 * - `print-out`: the same, but it is the event's value printed as a Scala `Option`.
 * - `unclear`: an event that the audit did not read may have set the value.
 */
export type Verdict = 'equal' | 'explained' | 'missing' | 'different' | 'newer' | 'print-out' | 'unclear'

export interface Compared {
  readonly verdict: Verdict
  /** The cells that differ. */
  readonly cells: readonly number[]
  /** The event whose values they should hold; of several, the one read last. */
  readonly version?: Version | undefined
}

const rowCell = 0

const isIn = (digest: number | undefined, cell: number, versions: readonly Version[]): boolean =>
  versions.some(version => version.cells[cell] === digest)

const differing = (expected: Expected, found: Found): number[] => {
  if (certain(expected.cells[rowCell]).length === 0) return []
  const isThere = found.cells[rowCell] !== absent
  return expected.cells.flatMap((versions, cell) => {
    // A missing or unexpected row is one difference, not one for each column.
    if (versions === undefined || certain(versions).length === 0 || (cell !== rowCell && !isThere)) return []
    return isIn(found.cells[cell], cell, versions) ? [] : [cell]
  })
}

const last = (versions: readonly Version[]): Version | undefined =>
  versions.reduce<Version | undefined>(
    (late, one) => (late === undefined || one.offset > late.offset ? one : late),
    undefined,
  )

/** When the event was written, by the write times of its columns that agree; at the latest when the audit started. */
const writtenBefore = (expected: Expected, found: Found, version: Version, { byEvent, endedAt }: Context): number => {
  if (byEvent) return version.time + 999
  const times = expected.cells.flatMap((versions, cell) =>
    versions?.includes(version) === true && version.cells[cell] === found.cells[cell]
      ? [found.writtenAt[cell] ?? NaN]
      : [],
  )
  const known = times.filter(time => !Number.isNaN(time))
  return known.length === 0 ? endedAt : Math.max(...known)
}

/** Compares a row with what the topic says about it. If there is no row, all its cells are `absent`. */
export const compare = (expected: Expected, found: Found, context: Context): Compared => {
  const row = certain(expected.cells[rowCell])
  if (row.length === 0) return { verdict: 'explained', cells: [] }
  const cells = differing(expected, found)
  if (cells.length === 0) return { verdict: 'equal', cells }
  const versionOf = (cell: number): Version | undefined => last(certain(expected.cells[cell]))
  const versions = cells.flatMap(cell => versionOf(cell) ?? [])
  const version = last(versions)
  const isLater = (cell: number): boolean => {
    const stands = versionOf(cell)
    return stands !== undefined && (found.writtenAt[cell] ?? NaN) > writtenBefore(expected, found, stands, context)
  }
  const told = (verdict: Verdict): Compared => ({ verdict, cells, version })
  if (cells.includes(rowCell)) return told(found.cells[rowCell] === absent ? 'missing' : 'different')
  if (cells.every(cell => isIn(found.mended[cell], cell, expected.cells[cell] ?? []))) return told('print-out')
  // An event before the audited range may win over a replayed event, or over one with an earlier time.
  const isUnseen = (cell: number): boolean =>
    context.byEvent ? isLater(cell) : certain(expected.cells[cell]).every(({ isReplayed }) => isReplayed)
  if (!context.isWhole && cells.every(isUnseen)) return told('unclear')
  return told(cells.every(isLater) ? 'newer' : 'different')
}
