import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { concat, EMPTY, map, of, type OperatorFunction, timer } from 'rxjs'
import { type Batch } from '../../src/ledger/batches.ts'
import { batch } from '../../src/operators/batch.ts'
import { type Accepted } from '../../src/model/record.ts'
import { marbles, idlesUntilValues, type Run } from '../marbles.ts'
import { accepted, offsetsOf } from '../records.ts'

const roomy = { rows: 100, bytes: 10_000 }

const batches = ({ clock }: Run, limits = roomy) => batch({ ms: 3, count: 9 }, limits, clock)

/** The content of a batch: `P 0 1` is table partition P with the versions of offsets 0 and 1. */
const contentOf = ({ partition, versions }: Batch): string =>
  `${partition} ${offsetsOf(versions.map(({ record }) => record))}`

const seen = map(contentOf)

/** A writer that takes each batch as soon as it receives it. */
const taken: OperatorFunction<Batch, string> = map(item => contentOf(item.take()))

const items: Record<string, Accepted> = {
  a: accepted(0, { p: 'P', r: 'r0', a: 'x' }),
  b: accepted(1, { p: 'P', r: 'r1', a: 'x' }),
  c: accepted(2, { p: 'P', r: 'r2', a: 'x' }),
  q: accepted(3, { p: 'Q', r: 'r0', a: 'x' }),
}

describe('batch', () => {
  idlesUntilValues(run => batches(run), accepted(0))

  test(
    'emits a single row at the end of its window',
    marbles(run => {
      const source = run.hot('                                       -a-------|', items)
      // window                                                       ---|
      run.expectObservable(source.pipe(batches(run), seen)).toBe('   ----p----|', { p: 'P 0' })
    }),
  )

  test(
    'emits the rows of a window in one batch for each table partition',
    marbles(run => {
      const source = run.hot('                                       -abq------|', items)
      const expected = '                                              ----(pq)--|'
      run.expectObservable(source.pipe(batches(run), seen)).toBe(expected, { p: 'P 0 1', q: 'Q 3' })
    }),
  )

  test(
    'lets a batch grow, window after window, until a writer takes it',
    marbles(run => {
      const source = run.hot('-a---b---c---q---|', items)
      // windows                  ---|---|---|---|
      // takes                                --!
      const given: Batch[] = []
      const takes = timer(11, run.clock).subscribe(() => given[0]?.take())
      const growing = source.pipe(
        batches(run),
        map(item => {
          given.push(item)
          return contentOf(item)
        }),
      )
      const expected = '      ----a-------c---q|'
      run.expectObservable(growing).toBe(expected, { a: 'P 0', c: 'P 2', q: 'Q 3' })
      run.flush()
      takes.unsubscribe()
      assert.deepEqual(given.map(contentOf), ['P 0 1', 'P 2', 'Q 3'])
    }),
  )

  test(
    'opens another batch for rows that arrive after it was taken',
    marbles(run => {
      const source = run.hot('                                       -a---b----|', items)
      const expected = '                                              ----a---b-|'
      run.expectObservable(source.pipe(batches(run), taken)).toBe(expected, { a: 'P 0', b: 'P 1' })
    }),
  )

  test(
    'opens another batch if the open one has reached its limit of rows or bytes',
    marbles(run => {
      const source = run.cold('(abc|)', items)
      // Each row has 4 bytes in p, r and a, and 4 bytes of length for each of the four columns.
      const rows = batches(run, { rows: 2, bytes: 10_000 })
      const bytes = batches(run, { rows: 100, bytes: 59 })
      for (const full of [rows, bytes]) {
        run.expectObservable(source.pipe(full, seen)).toBe('(ac|)', { a: 'P 0 1', c: 'P 2' })
      }
    }),
  )

  test(
    'emits the window when the source completes',
    marbles(run => {
      const source = run.hot('                                       -a|', items)
      run.expectObservable(source.pipe(batches(run), seen)).toBe('   --(a|)', { a: 'P 0' })
    }),
  )

  test(
    'keeps no rows from one subscription to the next',
    marbles(run => {
      const twice = of(items['a'] ?? assert.fail()).pipe(batches(run), seen)
      run.expectObservable(concat(twice, EMPTY, twice)).toBe('(aa|)', { a: 'P 0' })
    }),
  )
})
