import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { map, of, type OperatorFunction } from 'rxjs'
import { type Batch, OpenBatches } from '../../src/ledger/batches.ts'
import { batch } from '../../src/operators/batch.ts'
import { write } from '../../src/operators/write.ts'
import { type Accepted, type Rejected, type Settled } from '../../src/model/record.ts'
import { type Answer, clients, errors, inTurn } from '../clients.ts'
import { marbles, idlesUntilValues, type Run } from '../marbles.ts'
import { accepted, offsetsOf, rejected, rows } from '../records.ts'

/** The one batch that these versions make. */
const batchOf = (...versions: readonly Accepted[]): Batch => {
  const open = new OpenBatches({ rows: 1000, bytes: 100_000 })
  const [first, ...others] = versions.flatMap(version => open.add(version) ?? [])
  assert.equal(others.length, 0)
  return first ?? assert.fail()
}

const one = (offset: number): Batch => batchOf(accepted(offset, { p: `P${offset}`, r: 'r' }))

/** `written 0 1`, `superseded 2`, or for a rejected record `!3 refused-by-table a key of ...`. */
const outcome: OperatorFunction<Settled | Rejected, string> = map(item =>
  item.kind === 'rejected'
    ? `!${item.record.offset} ${item.reason} ${item.message}`
    : `${item.as} ${offsetsOf(item.records)}`,
)

const writing = (run: Run, concurrency: number, answer: Answer) => {
  const { table, retrying, journal } = clients(run)
  return { write: write(table(answer), concurrency, retrying), journal }
}

describe('write', () => {
  idlesUntilValues(run => writing(run, 2, inTurn('-')).write, rejected(0))

  test(
    'settles the rows of a batch as written once the table has them, and not before',
    marbles(run => {
      const { write, journal } = writing(run, 1, inTurn('---|'))
      const source = run.hot('                                 -a-----|', { a: batchOf(...rows(3)) })
      run.expectObservable(source.pipe(write, outcome)).toBe('----w--|', { w: 'written 0 1 2' })
      run.flush()
      assert.deepEqual(journal, ['1 write 0 1 2'])
    }),
  )

  test(
    'writes as many batches at the same time as it may, and the next when one is done',
    marbles(run => {
      const answers = [run.cold('----|'), run.cold('--|'), run.cold('----|')]
      let asked = 0
      const table = { write: () => answers[asked++] ?? assert.fail() }
      const source = run.hot('  -(abc)----|', { a: one(0), b: one(1), c: one(2) })
      const expected = '         ---b-a-c--|'
      const written = source.pipe(write(table, 2, clients(run).retrying), outcome)
      run.expectObservable(written).toBe(expected, { a: 'written 0', b: 'written 1', c: 'written 2' })
      run.expectSubscriptions(answers[0]?.subscriptions ?? []).toBe('-^---!')
      run.expectSubscriptions(answers[1]?.subscriptions ?? []).toBe('-^-!')
      run.expectSubscriptions(answers[2]?.subscriptions ?? []).toBe('---^---!')
    }),
  )

  test(
    'tries a batch again after a fault, while its neighbour goes through',
    marbles(run => {
      const { write, journal } = writing(run, 2, (asked, call) => (asked === '0' && call < 3 ? '-#' : '--|'))
      const source = run.hot('   -ab-----|', { a: one(0), b: one(1) })
      // a fails at 2, waits 2, is asked again at 4
      const expected = '          ----b-a-|'
      run.expectObservable(source.pipe(write, outcome)).toBe(expected, { a: 'written 0', b: 'written 1' })
      run.flush()
      assert.deepEqual(
        journal.filter(line => line.includes('write')),
        ['1 write 0', '2 write 1', '4 write 0'],
      )
    }),
  )

  test(
    'writes together, in one batch, what came while all writers were busy',
    marbles(run => {
      const { write, journal } = writing(run, 1, inTurn('-----------|', '-|'))
      const [a, b, c, d, e] = rows(5)
      const source = run.hot('-a-b-c-d---e-----|', { a, b, c, d, e } as Record<string, Accepted>)
      const batches = batch({ ms: 1, count: 9 }, { rows: 100, bytes: 10_000 }, run.clock)
      const expected = '      -------------ab--|'
      run
        .expectObservable(source.pipe(batches, write, outcome))
        .toBe(expected, { a: 'written 0', b: 'written 1 2 3 4' })
      run.flush()
      assert.deepEqual(journal, ['2 write 0', '13 write 1 2 3 4'])
    }),
  )

  test(
    'writes the last version of a row only, and settles those before it with it',
    marbles(run => {
      const { write, journal } = writing(run, 1, inTurn('--|'))
      const versions = batchOf(accepted(0, { a: '1' }), accepted(1, { a: '2' }), accepted(2, { a: '3', b: '3' }))
      const expected = '--(ws|)'
      run.expectObservable(of(versions).pipe(write, outcome)).toBe(expected, { w: 'written 2', s: 'superseded 1 0' })
      run.flush()
      assert.deepEqual(journal, ['0 write 2'])
    }),
  )

  test(
    'writes an earlier version too where the later one leaves a column of it as it is, in the order of their timestamps',
    marbles(run => {
      const { write, journal } = writing(run, 1, inTurn('--|'))
      const versions = batchOf(accepted(0, { a: '1', b: '1' }), accepted(1, { a: '2' }))
      run.expectObservable(of(versions).pipe(write, outcome)).toBe('--(w|)', { w: 'written 0 1' })
      run.flush()
      assert.deepEqual(journal, ['0 write 0 1'])
    }),
  )

  test(
    'finds the one refused row among a hundred by halving, and writes its neighbours',
    marbles(run => {
      const { write, journal } = writing(run, 1, asked => (` ${asked} `.includes(' 37 ') ? '-x' : '-|'))
      const settled: string[] = []
      of(batchOf(...rows(100)))
        .pipe(write, outcome)
        .subscribe(text => settled.push(text))
      run.flush()
      assert.ok(journal.length <= 15, `${journal.length} attempts`)
      const written = settled.flatMap(text => (text.startsWith('written') ? text.split(' ').slice(1).map(Number) : []))
      assert.deepEqual(
        written.sort((a, b) => a - b),
        [...Array(100).keys()].filter(offset => offset !== 37),
      )
      assert.deepEqual(
        settled.filter(text => !text.startsWith('written')),
        ['!37 refused-by-table a key of 70000 bytes'],
      )
    }),
  )

  test(
    'tries a half again after a fault like any other batch',
    marbles(run => {
      const { write, journal } = writing(run, 1, inTurn('-x', '-#', '-|', '-|'))
      const written = of(batchOf(...rows(2))).pipe(write, outcome)
      run.expectObservable(written).toBe('-----a(b|)', { a: 'written 0', b: 'written 1' })
      run.flush()
      assert.deepEqual(journal, [
        '0 write 0 1',
        '1 write 0',
        '2 fault 1, again in 2: not enough replicas',
        '4 write 0',
        '5 over',
        '5 write 1',
      ])
    }),
  )

  test(
    'writes, in place of a refused version, the one that it had superseded',
    marbles(run => {
      const { write, journal } = writing(run, 1, asked => (asked === '2' ? '-x' : '-|'))
      const versions = batchOf(accepted(0, { a: '1' }), accepted(1, { a: '2' }), accepted(2, { a: '3' }))
      const expected = '-x(ws|)'
      run.expectObservable(of(versions).pipe(write, outcome)).toBe(expected, {
        x: '!2 refused-by-table a key of 70000 bytes',
        w: 'written 1',
        s: 'superseded 0',
      })
      run.flush()
      assert.deepEqual(journal, ['0 write 2', '1 write 1'])
    }),
  )

  test(
    'goes back through every version that is refused, and settles each of them once',
    marbles(run => {
      const { write } = writing(run, 1, asked => (asked === '0' ? '-|' : '-x'))
      const versions = batchOf(accepted(0, { a: '1' }), accepted(1, { a: '2' }), accepted(2, { a: '3' }))
      run.expectObservable(of(versions).pipe(write, outcome)).toBe('-xy(w|)', {
        x: '!2 refused-by-table a key of 70000 bytes',
        y: '!1 refused-by-table a key of 70000 bytes',
        w: 'written 0',
      })
    }),
  )

  test(
    'passes rejected records on between the batches',
    marbles(run => {
      const { write } = writing(run, 2, inTurn('--|'))
      const source = run.hot('                                 -ax----|', { a: one(0), x: rejected(9) })
      const expected = '                                        --xw---|'
      run.expectObservable(source.pipe(write, outcome)).toBe(expected, { x: '!9 not-json is not JSON', w: 'written 0' })
    }),
  )

  test(
    'finishes what is under way when the source ends, also what waits for a fault to pass',
    marbles(run => {
      const { write } = writing(run, 1, inTurn('-#', '-|'))
      const source = run.hot('                                 -(ab|)', { a: one(0), b: one(1) })
      run.expectObservable(source.pipe(write, outcome)).toBe('-----a(b|)', { a: 'written 0', b: 'written 1' })
    }),
  )

  test(
    'ends with an error that is neither fault nor refusal, and lets go of the other writes',
    marbles(run => {
      const answers = [run.cold('----|'), run.cold('-#', {}, errors['?'])]
      let asked = 0
      const table = { write: () => answers[asked++] ?? assert.fail() }
      const source = run.hot('  -ab--', { a: one(0), b: one(1) })
      run.expectObservable(source.pipe(write(table, 2, clients(run).retrying))).toBe('---#', {}, errors['?'])
      run.expectSubscriptions(source.subscriptions).toBe('^--!')
      run.expectSubscriptions(answers[0]?.subscriptions ?? []).toBe('-^-!')
    }),
  )

  test(
    'lets go of writes and of waiting tries when nobody listens any more',
    marbles(run => {
      const under = run.cold('-----|')
      const failing = run.cold('-#', {}, errors['#'])
      const table = { write: ([change]: readonly Accepted[]) => (change?.record.offset === 0 ? under : failing) }
      const source = run.hot('     -(ab)-----', { a: one(0), b: one(1) })
      const unsubscribed = '       ---!'
      run.expectObservable(source.pipe(write(table, 2, clients(run).retrying)), unsubscribed).toBe('-')
      run.expectSubscriptions(under.subscriptions).toBe('-^-!')
      run.expectSubscriptions(failing.subscriptions).toBe('-^!')
    }),
  )
})
