import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { map, of, type OperatorFunction } from 'rxjs'
import { type Batch, OpenBatches } from '../../src/ledger/batches.ts'
import { batch } from '../../src/operators/batch.ts'
import { type Table, write } from '../../src/operators/write.ts'
import { type Accepted, type Rejected, type Settled } from '../../src/model/record.ts'
import { type Answer, clients, errors, inTurn } from '../clients.ts'
import { marbles, idlesUntilValues, type Run } from '../marbles.ts'
import { accepted, offsetsOf, rows } from '../records.ts'

/** The single batch of these versions. */
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
  return { write: write(table(answer), concurrency, retrying, retrying), journal }
}

const writingTo = (run: Run, table: Table, concurrency: number) => {
  const { retrying } = clients(run)
  return write(table, concurrency, retrying, retrying)
}

/** A row of another table partition. Its write is evidence against rows that were refused before. */
const good = (offset: number): Batch => one(offset)

const isIn = (asked: string, offset: number): boolean => asked.split(' ').includes(String(offset))

describe('write', () => {
  idlesUntilValues(run => writing(run, 2, inTurn('-')).write, one(0))

  test(
    'settles the rows of a batch as written once the table has them',
    marbles(run => {
      const { write, journal } = writing(run, 1, inTurn('---|'))
      const source = run.hot('                                 -a-----|', { a: batchOf(...rows(3)) })
      run.expectObservable(source.pipe(write, outcome)).toBe('----w--|', { w: 'written 0 1 2' })
      run.flush()
      assert.deepEqual(journal, ['1 write 0 1 2'])
    }),
  )

  test(
    'writes up to the maximum of concurrent batches',
    marbles(run => {
      const answers = [run.cold('----|'), run.cold('--|'), run.cold('----|')]
      let asked = 0
      const table = { write: () => answers[asked++] ?? assert.fail() }
      const source = run.hot('  -(abc)----|', { a: one(0), b: one(1), c: one(2) })
      const expected = '         ---b-a-c--|'
      const written = source.pipe(writingTo(run, table, 2), outcome)
      run.expectObservable(written).toBe(expected, { a: 'written 0', b: 'written 1', c: 'written 2' })
      run.expectSubscriptions(answers[0]?.subscriptions ?? []).toBe('-^---!')
      run.expectSubscriptions(answers[1]?.subscriptions ?? []).toBe('-^-!')
      run.expectSubscriptions(answers[2]?.subscriptions ?? []).toBe('---^---!')
    }),
  )

  test(
    'retries a batch after a fault while another one succeeds',
    marbles(run => {
      const { write, journal } = writing(run, 2, (asked, call) => (asked === '0' && call < 3 ? '-#' : '--|'))
      const source = run.hot('   -ab-----|', { a: one(0), b: one(1) })
      // a fails at 2, waits for 2, is retried at 4
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
    'writes rows that arrived while all writers were busy in one batch',
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
    'writes only the last version of a row, and settles earlier ones with it',
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
    'also writes an earlier version if the later one leaves a column unset, in the order of their timestamps',
    marbles(run => {
      const { write, journal } = writing(run, 1, inTurn('--|'))
      const versions = batchOf(accepted(0, { a: '1', b: '1' }), accepted(1, { a: '2' }))
      run.expectObservable(of(versions).pipe(write, outcome)).toBe('--(w|)', { w: 'written 0 1' })
      run.flush()
      assert.deepEqual(journal, ['0 write 0 1'])
    }),
  )

  test(
    'finds one refused row among a hundred by halving, and writes the others',
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
    'retries a half after a fault like any other batch',
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
    'writes the superseded version in place of one that is to blame',
    marbles(run => {
      const { write, journal } = writing(run, 1, asked => (asked === '2' ? 'x' : '|'))
      const versions = batchOf(accepted(0, { a: '1' }), accepted(1, { a: '2' }), accepted(2, { a: '3' }))
      const source = run.hot('vg-------|', { v: versions, g: good(9) })
      const expected = '      -g--(xws)|'
      run.expectObservable(source.pipe(write, outcome)).toBe(expected, {
        g: 'written 9',
        x: '!2 refused-by-table a key of 70000 bytes',
        w: 'written 1',
        s: 'superseded 0',
      })
      run.flush()
      assert.deepEqual(journal, ['0 write 2', '1 write 9', '4 write 2', '4 write 1'])
    }),
  )

  test(
    'goes back through all versions that are to blame, and settles each once',
    marbles(run => {
      const { write } = writing(run, 1, asked => (asked === '2' || asked === '1' ? 'x' : '|'))
      const versions = batchOf(accepted(0, { a: '1' }), accepted(1, { a: '2' }), accepted(2, { a: '3' }))
      const source = run.hot('vg----h-------|', { v: versions, g: good(8), h: good(9) })
      // 1 is refused at 4, 4 and 6: each time before h is accepted.
      const expected = '      -g--x-h---(yw)|'
      run.expectObservable(source.pipe(write, outcome)).toBe(expected, {
        g: 'written 8',
        h: 'written 9',
        x: '!2 refused-by-table a key of 70000 bytes',
        y: '!1 refused-by-table a key of 70000 bytes',
        w: 'written 0',
      })
    }),
  )

  test(
    'finishes current writes and retries when the source ends',
    marbles(run => {
      const { write } = writing(run, 1, inTurn('-#', '-|'))
      const source = run.hot('                                 -(ab|)', { a: one(0), b: one(1) })
      run.expectObservable(source.pipe(write, outcome)).toBe('-----a(b|)', { a: 'written 0', b: 'written 1' })
    }),
  )

  test(
    'fails on an error that is neither Fault nor InvalidRequest, and cancels the other writes',
    marbles(run => {
      const answers = [run.cold('----|'), run.cold('-#', {}, errors['?'])]
      let asked = 0
      const table = { write: () => answers[asked++] ?? assert.fail() }
      const source = run.hot('  -ab--', { a: one(0), b: one(1) })
      run.expectObservable(source.pipe(writingTo(run, table, 2))).toBe('---#', {}, errors['?'])
      run.expectSubscriptions(source.subscriptions).toBe('^--!')
      run.expectSubscriptions(answers[0]?.subscriptions ?? []).toBe('-^-!')
    }),
  )

  test(
    'cancels writes and retries on unsubscribe',
    marbles(run => {
      const under = run.cold('-----|')
      const failing = run.cold('-#', {}, errors['#'])
      const table = { write: ([change]: readonly Accepted[]) => (change?.record.offset === 0 ? under : failing) }
      const source = run.hot('     -(ab)-----', { a: one(0), b: one(1) })
      const unsubscribed = '       ---!'
      run.expectObservable(source.pipe(writingTo(run, table, 2)), unsubscribed).toBe('-')
      run.expectSubscriptions(under.subscriptions).toBe('-^-!')
      run.expectSubscriptions(failing.subscriptions).toBe('-^!')
    }),
  )
})

describe('a refused row', () => {
  const refusal = 'refused-by-table a key of 70000 bytes'

  test(
    'waits, reported as misconfigured, and is a dead letter only after another was accepted',
    marbles(run => {
      const { write, journal } = writing(run, 1, asked => (isIn(asked, 0) ? 'x' : '|'))
      const source = run.hot('a-------------------b-----------|', { a: one(0), b: good(1) })
      // Retried at 4, 6, 10, 18 and 26.
      const expected = '      --------------------b-----x-----|'
      run.expectObservable(source.pipe(write, outcome)).toBe(expected, { b: 'written 1', x: `!0 ${refusal}` })
      run.flush()
      const faults = journal.filter(line => line.includes('fault'))
      assert.equal(faults.length, 4)
      assert.match(faults[0] ?? '', /^4 fault 1, .* has not accepted any other since: a key of 70000 bytes$/)
      assert.equal(journal.at(-1), '26 over')
    }),
  )

  test(
    'among good ones is found without a report',
    marbles(run => {
      const { write, journal } = writing(run, 4, asked => (isIn(asked, 3) ? 'x' : '|'))
      const source = run.hot('a------|', { a: batchOf(...rows(4)) })
      run.expectObservable(source.pipe(write, outcome)).toBe('(vw)x--|', {
        v: 'written 0 1',
        w: 'written 2',
        x: `!3 ${refusal}`,
      })
      run.flush()
      assert.deepEqual(
        journal.filter(line => line.includes('fault')),
        [],
      )
    }),
  )

  test(
    'does not occupy a writer, so other rows are written',
    marbles(run => {
      const { write, journal } = writing(run, 1, asked => (Number(asked) < 3 ? 'x' : '|'))
      const source = run.hot('(abcd)------|', { a: one(0), b: one(1), c: one(2), d: good(3) })
      run.expectObservable(source.pipe(write, outcome)).toBe('w---(abc)---|', {
        w: 'written 3',
        ...{ a: `!0 ${refusal}`, b: `!1 ${refusal}`, c: `!2 ${refusal}` },
      })
      run.flush()
      assert.equal(journal.length, 7)
    }),
  )

  test(
    'is not a dead letter if every row is refused thousands of times and accepted later',
    marbles(run => {
      const mendedAt = 60_000
      const { write, journal } = writing(run, 4, () => (run.clock.now() < mendedAt ? 'x' : '|'))
      const seen: string[] = []
      const batches = [batchOf(...rows(20)), ...Array.from({ length: 20 }, (_, n) => one(100 + n))]
      of(...batches)
        .pipe(write, outcome)
        .subscribe(text => seen.push(text))
      run.flush()
      assert.equal(seen.length, 40)
      assert.ok(seen.every(text => text.startsWith('written')))
      // Meanwhile it is one fault, and each retry sends one row.
      const during = journal.filter(line => Number(line.split(' ')[0]) > 4 && Number(line.split(' ')[0]) < mendedAt)
      const [writes, faults] = ['write', 'fault'].map(word => during.filter(line => line.includes(word)).length)
      assert.equal(writes, faults)
      assert.equal(journal.filter(line => line.includes('over')).length, 1)
      const delays = during.flatMap(line => /again in (\d+)/.exec(line)?.[1] ?? [])
      assert.ok(delays.slice(3).every(ms => ms === '8'))
    }),
  )

  test(
    'is retried in turn with others while none is accepted, so a bad one does not block a good one',
    marbles(run => {
      const { write, journal } = writing(run, 2, asked => (asked === '0' || run.clock.now() < 5 ? 'x' : '|'))
      const source = run.hot('(ab)------------|', { a: one(0), b: one(1) })
      run
        .expectObservable(source.pipe(write, outcome))
        .toBe('------(bx)------|', { b: 'written 1', x: `!0 ${refusal}` })
      run.flush()
      assert.deepEqual(
        journal.filter(line => line.includes('write')),
        ['0 write 0', '0 write 1', '4 write 0', '6 write 1', '6 write 0'],
      )
    }),
  )

  test(
    'is not to blame if its last attempt was sent before the other was accepted',
    marbles(run => {
      // The second attempt of 0 is answered at 10, after 1 was accepted: the server may have been fixed in between.
      const answers = ['x', '------x', '|']
      const { write } = writing(run, 2, asked => (asked === '0' ? (answers.shift() ?? '|') : '|'))
      const source = run.hot('a-----b------|', { a: one(0), b: good(1) })
      run.expectObservable(source.pipe(write, outcome)).toBe('------b-----a|', { a: 'written 0', b: 'written 1' })
    }),
  )

  test(
    'of one statement is not judged by rows of the other',
    marbles(run => {
      const { write } = writing(run, 2, asked => (asked === '0' ? 'x' : '|'))
      const removal = batchOf(accepted(1, { p: 'Q' }, { gone: true }))
      const source = run.hot('a-r-------------', { a: one(0), r: removal })
      run.expectObservable(source.pipe(write, outcome), '----------------!').toBe('--r', { r: 'written 1' })
    }),
  )

  test(
    'is retried after a fault like any other write',
    marbles(run => {
      const answers = ['x', '#', 'x']
      const { write } = writing(run, 2, asked => (asked === '0' ? (answers.shift() ?? assert.fail()) : '|'))
      const source = run.hot('ab--------|', { a: one(0), b: good(1) })
      run.expectObservable(source.pipe(write, outcome)).toBe('-b----x---|', { b: 'written 1', x: `!0 ${refusal}` })
    }),
  )
})
