import { type SchedulerLike } from 'rxjs'
import { type Digester, keyHash, keyOf, keyValues } from '../../audit/cells.ts'
import { compare } from '../../audit/compare.ts'
import { bucketOf, encodeFound, partsOf, versionsIn } from '../../audit/entries.ts'
import { type Expected, fold } from '../../audit/fold.ts'
import { type Judging } from '../../audit/judge.ts'
import { type Totals } from '../../audit/result.ts'
import { bucketCount, type Spill } from '../../audit/spill.ts'
import { type RowReader } from '../../cassandra/row-reader.ts'
import { foundOf } from './found.ts'
import { Pace } from './pace.ts'
import { persist } from './persist.ts'

const mostAtOnce = 16

export interface RowsOf {
  readonly reader: RowReader
  readonly rows: Spill
  readonly digester: Digester
  /** The types of the columns that are not part of the key. */
  readonly types: readonly string[]
  readonly judging: Judging
  readonly totals: Totals
  readonly perSecond: number
  /** The bucket to start with. */
  readonly first: number
  /** The maximum number of rows to read. */
  readonly most: number
  readonly progress: (part: number) => void
  readonly signal: AbortSignal
  readonly clock: SchedulerLike
}

/**
 * Reads the rows that the events name, one bucket after another. Equal rows are only counted. All others are noted, because an
 * event after the end of the audited range may have changed them.
 *
 * @returns if interrupted, the bucket that is not finished, otherwise undefined
 * @throws Fault when Cassandra fails
 */
export const readNamedRows = async (of: RowsOf): Promise<number | undefined> => {
  const { reader, rows, digester, types, judging, totals, perSecond, most, signal, clock, progress } = of
  const { cells, order, context } = judging
  const pace = new Pace(perSecond, clock)
  const atOnce = Math.max(1, Math.min(mostAtOnce, Math.ceil(perSecond / 10)))

  const readRow = async ([hash, expected]: [string, Expected]): Promise<void> => {
    const row = await persist(() => reader.row(keyValues(expected.key)), clock)
    const found = foundOf(digester, types, hash, row)
    const { verdict } = compare(expected, found, context)
    totals.rows += 1
    if (verdict === 'equal') totals.equal += 1
    else if (verdict === 'explained') totals.explained += 1
    else rows.append(bucketOf(hash), encodeFound(found))
  }

  for (let bucket = of.first; bucket < bucketCount; bucket += 1) {
    for (const entries of partsOf(rows, bucket)) {
      const expected = [...fold(versionsIn(entries(), cells), order)]
      for (let from = 0; from < expected.length; from += atOnce) {
        if (signal.aborted) return bucket
        const some = expected.slice(from, Math.min(from + atOnce, from + most - totals.rows))
        if (some.length === 0) return undefined
        await pace.wait(some.length)
        await Promise.all(some.map(readRow))
        progress((bucket - of.first) / (bucketCount - of.first))
      }
    }
  }
  return undefined
}

/** Reads and notes every row of the table. @throws Fault when Cassandra fails */
export const readEveryRow = async (of: RowsOf): Promise<void> => {
  const { reader, rows, digester, types, perSecond, signal, clock, progress } = of
  const pace = new Pace(perSecond, clock)
  const isStopped = (): boolean => signal.aborted
  for (let part = 0; part < reader.parts && !isStopped(); part += 1) {
    for await (const page of reader.rows(part)) {
      for (const row of page) {
        const hash = keyHash(keyOf(row.key))
        rows.append(bucketOf(hash), encodeFound(foundOf(digester, types, hash, row)))
      }
      await pace.wait(page.length)
      if (isStopped()) return
    }
    progress((part + 1) / reader.parts)
  }
}
