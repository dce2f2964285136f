import { type Digester } from '../../audit/cells.ts'
import { partsOf } from '../../audit/entries.ts'
import { type JudgedRow, judgeRows, type Judging } from '../../audit/judge.ts'
import { judgeLetters, type LetterVerdict, placesIn } from '../../audit/letters.ts'
import { type DifferenceKind, type Totals } from '../../audit/result.ts'
import { bucketCount, type Spill } from '../../audit/spill.ts'
import { type Differences } from './differences.ts'

/** Collects the differences that publishing events again can repair. */
export interface Mendable {
  row(row: JudgedRow, judging: Judging): void
  letter(partition: number, offset: number): void
}

const counterOf = {
  equal: 'equal',
  explained: 'explained',
  missing: 'missing',
  different: 'different',
  older: 'older',
  newer: 'newer',
  'print-out': 'printOut',
  unclear: 'unclear',
  extra: 'extra',
  before: 'before',
} as const satisfies Record<JudgedRow['verdict'], keyof Totals>

type Told = Exclude<JudgedRow['verdict'], 'equal' | 'explained' | 'before'> & DifferenceKind

const isTold = (verdict: JudgedRow['verdict']): verdict is Told =>
  verdict !== 'equal' && verdict !== 'explained' && verdict !== 'before'

const isMendable = (verdict: Told): boolean => verdict !== 'unclear' && verdict !== 'extra'

function* judgedIn(rows: Spill, bucket: number, judging: Judging): Generator<JudgedRow> {
  for (const entries of partsOf(rows, bucket)) yield* judgeRows(entries, judging)
}

/** Judges every noted row, counts the verdicts, and reports the differences. */
export const judgeAllRows = (
  rows: Spill,
  judging: Judging,
  digester: Digester,
  totals: Totals,
  differences: Differences,
  mendable: Mendable,
): void => {
  const namesOf = (cells: readonly number[]): string[] => cells.map(cell => digester.names[cell] ?? '?')
  for (let bucket = 0; bucket < bucketCount; bucket += 1) {
    for (const row of judgedIn(rows, bucket, judging)) {
      const { verdict, cells, version, hash } = row
      totals[counterOf[verdict]] += 1
      if (judging.everyRow && row.expected !== undefined) totals.rows += 1
      if (!isTold(verdict)) continue
      const columns = verdict === 'missing' ? [] : namesOf(cells)
      for (const column of columns) totals.columns.set(column, (totals.columns.get(column) ?? 0) + 1)
      const { partition, offset } = version ?? {}
      differences.tell({ kind: verdict, partition, offset, keyHash: hash, columns })
      if (isMendable(verdict)) mendable.row(row, judging)
    }
  }
}

const letterCounterOf = {
  'no-letter': 'noLetter',
  'letter-twice': 'letterTwice',
  'unexpected-letter': 'unexpectedLetter',
  unclear: 'unclearLetter',
} as const satisfies Record<Exclude<LetterVerdict, 'equal'>, keyof Totals>

/** Judges every noted offset, counts the verdicts, and reports the differences. */
export const judgeAllLetters = (
  places: Spill,
  keptSince: number,
  totals: Totals,
  differences: Differences,
  mendable: Mendable,
): void => {
  for (let bucket = 0; bucket < bucketCount; bucket += 1) {
    for (const { partition, offset, verdict } of judgeLetters(placesIn(places.entries(bucket)), keptSince)) {
      if (verdict === 'equal') continue
      totals[letterCounterOf[verdict]] += 1
      differences.tell({ kind: verdict, partition, offset })
      if (verdict === 'no-letter') mendable.letter(partition, offset)
    }
  }
}
