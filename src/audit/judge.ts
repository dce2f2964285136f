import { absent } from './cells.ts'
import { compare, type Compared, type Context } from './compare.ts'
import { foundIn, versionsIn } from './entries.ts'
import { type Expected, fold } from './fold.ts'
import { olderRows } from './older.ts'
import { type Order } from './order.ts'
import { type Found, type Version } from './version.ts'

export interface Judging {
  /** The number of cells of a row. */
  readonly cells: number
  readonly order: Order
  readonly context: Context
  /** Whether the whole table was read. If so, rows not found are missing, and rows without an event are reported. */
  readonly everyRow: boolean
  /** Whether an event is after the end of the audited range. */
  readonly isLater: (version: Version) => boolean
  /** Microseconds: the timestamp of the earliest audited event. */
  readonly begunAt: number
}

/** The verdict on a row. A row without an event is `extra` or `before`: written after the first audited event, or before it. */
export interface JudgedRow extends Omit<Compared, 'verdict'> {
  readonly hash: string
  readonly verdict: Compared['verdict'] | 'older' | 'extra' | 'before'
  readonly expected?: Expected
}

/** A row that does not exist. */
export const nothingFound = (hash: string, cells: number): Found => ({
  hash,
  cells: new Float64Array(cells).fill(absent),
  mended: new Float64Array(cells).fill(absent),
  writtenAt: new Float64Array(cells).fill(NaN),
})

const unnamed = ({ hash, writtenAt }: Found, begunAt: number): JudgedRow => ({
  hash,
  cells: [],
  verdict: writtenAt.some(time => time >= begunAt) ? 'extra' : 'before',
})

/**
 * Judges the rows of one bucket.
 *
 * @param entries returns the bucket's entries; it is called more than once
 */
export function* judgeRows(entries: () => Iterable<Buffer>, judging: Judging): Generator<JudgedRow> {
  const { cells, order, context, everyRow, isLater, begunAt } = judging
  const expected = fold(versionsIn(entries(), cells), order)
  const found = new Map([...foundIn(entries(), cells)].map(row => [row.hash, row]))
  const named = new Set<string>()
  if (everyRow) for (const version of versionsIn(entries(), cells)) if (!isLater(version)) named.add(version.hash)
  const differing = new Map<string, Found>()
  const judged: JudgedRow[] = []
  for (const hash of everyRow ? named : found.keys()) {
    const wanted = expected.get(hash)
    if (wanted === undefined) continue
    const row = found.get(hash) ?? nothingFound(hash, cells)
    const compared = compare(wanted, row, context)
    if (compared.verdict === 'different' || compared.verdict === 'newer') differing.set(hash, row)
    judged.push({ ...compared, hash, expected: wanted })
  }
  const older = differing.size === 0 ? undefined : olderRows(versionsIn(entries(), cells), differing)
  for (const row of judged) yield older?.has(row.hash) === true ? { ...row, verdict: 'older' } : row
  if (!everyRow) return
  for (const row of found.values()) if (!expected.has(row.hash)) yield unnamed(row, begunAt)
}
