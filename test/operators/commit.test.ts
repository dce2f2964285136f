import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { map, of } from 'rxjs'
import { OffsetLedger } from '../../src/ledger/offsets.ts'
import { commit, track } from '../../src/operators/commit.ts'
import { type KafkaRecord, type Position, type Settled } from '../../src/model/record.ts'
import { type Answer, clients, errors, inTurn } from '../clients.ts'
import { marbles, idlesUntilValues, type Run } from '../marbles.ts'
import { record, records } from '../records.ts'

const settled = (...offsets: readonly number[]): Settled => ({
  kind: 'settled',
  as: 'written',
  records: records(...offsets),
})

const items = { a: settled(0), b: settled(1), c: settled(2), d: settled(3), m: settled(1, 2, 3) }

const positionsOf = map((positions: readonly Position[]) =>
  positions.map(({ partition, offset }) => `${partition}:${offset}`).join(' '),
)

const read = (...given: readonly KafkaRecord[]): OffsetLedger => {
  const offsets = new OffsetLedger()
  of(...given)
    .pipe(track(offsets))
    .subscribe()
  return offsets
}

/** Commits every 5 ms from a ledger with the records of offsets 0 to 3. */
const committing = (run: Run, answer: Answer, offsets = read(...records(0, 1, 2, 3))) => {
  const { source, retrying, journal } = clients(run)
  return { commit: commit(source(run.cold('-'), answer), offsets, 5, retrying), journal }
}

describe('track', () => {
  idlesUntilValues(() => track(new OffsetLedger()), record(0))

  test(
    'adds every record to the ledger and emits it unchanged',
    marbles(({ hot, expectObservable, flush }) => {
      const offsets = new OffsetLedger()
      const given = { a: record(7, { sequence: 0 }), b: record(9, { sequence: 1 }) }
      const source = hot('-a-b-|', given)
      const expected = '   -a-b-|'
      expectObservable(source.pipe(track(offsets))).toBe(expected, given)
      flush()
      offsets.settle(given.a)
      offsets.settle(given.b)
      assert.deepEqual(offsets.committable(), [{ partition: 0, offset: 10, assignment: 1 }])
    }),
  )
})

describe('commit', () => {
  idlesUntilValues(run => committing(run, inTurn('-')).commit, settled())

  test(
    'commits an interval after the first record settles, and then only while records settle',
    marbles(run => {
      const { commit, journal } = committing(run, inTurn('|'))
      const source = run.hot('                                     -ab------------c------|', items)
      // intervals                                                  -----|        -----|
      const expected = '                                            ------p-------------q-|'
      run.expectObservable(source.pipe(commit, positionsOf)).toBe(expected, { p: '0:2', q: '0:3' })
      run.flush()
      assert.deepEqual(journal, ['6 commit 0:2', '20 commit 0:3'])
    }),
  )

  test(
    'commits once each interval, however much settles',
    marbles(run => {
      const { commit } = committing(run, inTurn('|'))
      const source = run.hot('                                     abc----d-----------|', items)
      const expected = '                                            -----p------q------|'
      run.expectObservable(source.pipe(commit, positionsOf)).toBe(expected, { p: '0:3', q: '0:4' })
    }),
  )

  test(
    'never passes a record that is not settled, even at the end',
    marbles(run => {
      const { commit, journal } = committing(run, inTurn('|'))
      const source = run.hot('                                     -m---------|', items)
      run.expectObservable(source.pipe(commit)).toBe('             -----------|')
      run.flush()
      assert.deepEqual(journal, [])
    }),
  )

  test(
    'commits everything once the missing record settles',
    marbles(run => {
      const { commit } = committing(run, inTurn('|'))
      const source = run.hot('                                     -m------a---------|', items)
      const expected = '                                            -------------p----|'
      run.expectObservable(source.pipe(commit, positionsOf)).toBe(expected, { p: '0:4' })
    }),
  )

  test(
    'commits settled records when the source completes, without a wait for the interval',
    marbles(run => {
      const { commit } = committing(run, inTurn('--|'))
      const source = run.hot('                                     -a|', items)
      run.expectObservable(source.pipe(commit, positionsOf)).toBe('----(p|)', { p: '0:1' })
    }),
  )

  test(
    'finishes the current commit when the source completes, and then commits the rest',
    marbles(run => {
      const { commit, journal } = committing(run, inTurn('----|'))
      const source = run.hot('                                     a-----b-|', items)
      const expected = '                                            ---------p---(q|)'
      run.expectObservable(source.pipe(commit, positionsOf)).toBe(expected, { p: '0:1', q: '0:2' })
      run.flush()
      assert.deepEqual(journal, ['5 commit 0:1', '9 commit 0:2'])
    }),
  )

  test(
    'has at most one pending commit, and commits nothing twice',
    marbles(run => {
      const { commit, journal } = committing(run, inTurn('----------------|', '|'))
      const source = run.hot('                                     a-----b-----c-------------|', items)
      const expected = '                                            ---------------------(pq)-|'
      run.expectObservable(source.pipe(commit, positionsOf)).toBe(expected, { p: '0:1', q: '0:3' })
      run.flush()
      assert.deepEqual(journal, ['5 commit 0:1', '21 commit 0:3'])
    }),
  )

  test(
    'retries a failed commit with the latest positions',
    marbles(run => {
      const { commit, journal } = committing(run, inTurn('-#', '-|'))
      const source = run.hot('                                     a------b----|', items)
      const expected = '                                            ---------p--|'
      run.expectObservable(source.pipe(commit, positionsOf)).toBe(expected, { p: '0:2' })
      run.flush()
      assert.deepEqual(journal, [
        '5 commit 0:1',
        '6 fault 1, again in 2: not enough replicas',
        '8 commit 0:2',
        '9 over',
      ])
    }),
  )

  test(
    'does not complete before its last commit succeeds',
    marbles(run => {
      const { commit } = committing(run, inTurn('#', '#', '#', '|'))
      const source = run.hot('                                     (a|)', items)
      run.expectObservable(source.pipe(commit, positionsOf)).toBe('--------------(p|)', { p: '0:1' })
    }),
  )

  test(
    'commits the position of each partition',
    marbles(run => {
      const [first, second] = [record(5, { sequence: 0 }), record(70, { partition: 3, sequence: 0 })]
      const { commit } = committing(run, inTurn('|'), read(first, second))
      const both = of<Settled>({ kind: 'settled', as: 'written', records: [second, first] })
      run.expectObservable(both.pipe(commit)).toBe('(p|)', {
        p: [
          { partition: 0, offset: 6, assignment: 1 },
          { partition: 3, offset: 71, assignment: 1 },
        ],
      })
    }),
  )

  test(
    'emits nothing for positions of an ended assignment',
    marbles(run => {
      const offsets = read(...records(0, 1, 2, 3))
      const { source, retrying } = clients(run)
      const committer = { ...source(run.cold('-')), commit: () => of([]) }
      const settledOnes = run.hot('                                a-------|', items)
      const expected = '                                           --------|'
      run.expectObservable(settledOnes.pipe(commit(committer, offsets, 5, retrying))).toBe(expected)
    }),
  )

  test(
    'fails on an error that is not a Fault, without a retry',
    marbles(run => {
      const { commit, journal } = committing(run, inTurn('-?'))
      const source = run.hot('                                     a-------', items)
      run.expectObservable(source.pipe(commit)).toBe('             ------#', {}, errors['?'])
      run.expectSubscriptions(source.subscriptions).toBe('         ^-----!')
      run.flush()
      assert.deepEqual(journal, ['5 commit 0:1'])
    }),
  )

  test(
    'commits nothing more after an error of its source',
    marbles(run => {
      const { commit, journal } = committing(run, inTurn('|'))
      const source = run.hot('                                     a-#', items, errors['?'])
      run.expectObservable(source.pipe(commit)).toBe('             --#', {}, errors['?'])
      run.flush()
      assert.deepEqual(journal, [])
    }),
  )
})
