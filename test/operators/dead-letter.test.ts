import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { map } from 'rxjs'
import { cutByBytes, deadLetter, type DeadLetter } from '../../src/operators/dead-letter.ts'
import { type Settled } from '../../src/model/record.ts'
import { type Answer, clients, errors, inTurn } from '../clients.ts'
import { marbles, idlesUntilValues, type Run } from '../marbles.ts'
import { offsetsOf, records, rejected } from '../records.ts'

const items = {
  a: rejected(0),
  b: rejected(1),
  c: rejected(2),
  s: { kind: 'settled', as: 'written', records: records(8, 9) },
} as const

const outcome = map(({ as, records }: Settled) => `${as} ${offsetsOf(records)}`)

/** Dead letters in windows of 3 ms, at most `rows` together; the journal has each one that was told of, as `dead 3`. */
const publishing = (run: Run, answer: Answer, rows = 9) => {
  const { topic, retrying, journal, note } = clients(run)
  const watch = {
    deadLettered: ({ rejected, withoutValue }: DeadLetter) =>
      note(`dead ${rejected.record.offset}${withoutValue ? '-' : ''}`),
  }
  const limits = { rows, bytes: 100 }
  return { deadLetter: deadLetter(topic(answer), watch, { ms: 3, count: 1000 }, limits, retrying), journal }
}

describe('deadLetter', () => {
  idlesUntilValues(run => publishing(run, inTurn('-')).deadLetter, items.a)

  test(
    'settles rejected records once all replicas have them, and not before',
    marbles(run => {
      const { deadLetter, journal } = publishing(run, inTurn('--|'))
      const source = run.hot('                                      -ab------|', items)
      // window                                                      ---|
      run.expectObservable(source.pipe(deadLetter, outcome)).toBe(' ------d--|', { d: 'dead-lettered 0 1' })
      run.flush()
      assert.deepEqual(journal, ['4 publish 0 1', '6 dead 0', '6 dead 1'])
    }),
  )

  test(
    'passes settled records on at once, also while it waits to publish',
    marbles(run => {
      const { deadLetter } = publishing(run, inTurn('----|'))
      const source = run.hot('                                      -a-s-s--s---|', items)
      const expected = '                                             ---s-s--(sd)|'
      run.expectObservable(source.pipe(deadLetter, outcome)).toBe(expected, { s: 'written 8 9', d: 'dead-lettered 0' })
    }),
  )

  test(
    'publishes one group after the other, in order',
    marbles(run => {
      const { deadLetter, journal } = publishing(run, inTurn('-----|', '-|'), 2)
      const source = run.hot('                                      -(abc)----|', items)
      const expected = '                                             ------de--|'
      run
        .expectObservable(source.pipe(deadLetter, outcome))
        .toBe(expected, { d: 'dead-lettered 0 1', e: 'dead-lettered 2' })
      run.flush()
      assert.deepEqual(journal, ['1 publish 0 1', '6 dead 0', '6 dead 1', '6 publish 2', '7 dead 2'])
    }),
  )

  test(
    'publishes again after a fault, until it goes through; what is rejected meanwhile waits its turn',
    marbles(run => {
      const { deadLetter, journal } = publishing(run, inTurn('-#', '-#', '-|'), 1)
      const source = run.hot('                                      -ab---------|', items)
      // a fails at 2 and at 5, is asked again at 4 and at 9
      const expected = '                                             ----------de|'
      run
        .expectObservable(source.pipe(deadLetter, outcome))
        .toBe(expected, { d: 'dead-lettered 0', e: 'dead-lettered 1' })
      run.flush()
      assert.deepEqual(
        journal.filter(line => !line.includes('fault')),
        ['1 publish 0', '4 publish 0', '9 publish 0', '10 over', '10 dead 0', '10 publish 1', '11 dead 1'],
      )
    }),
  )

  test(
    'publishes what is too large without its value, and its neighbours whole',
    marbles(run => {
      const tooLarge: Answer = asked => (asked.split(' ').includes('1') ? '-x' : '-|')
      const { deadLetter, journal } = publishing(run, tooLarge)
      const source = run.hot('                                      (abc|)', items)
      const expected = '                                             ---d-e(f|)'
      run
        .expectObservable(source.pipe(deadLetter, outcome))
        .toBe(expected, { d: 'dead-lettered 0', e: 'dead-lettered 1', f: 'dead-lettered 2' })
      run.flush()
      assert.deepEqual(journal, [
        ...['0 publish 0 1 2', '1 publish 0 1', '2 publish 0', '3 dead 0', '3 publish 1'],
        ...['4 publish 1-', '5 dead 1-', '5 publish 2', '6 dead 2'],
      ])
    }),
  )

  test(
    'waits for a topic that refuses even a message without value: that must be mended',
    marbles(run => {
      const { deadLetter, journal } = publishing(run, inTurn('x', 'x', 'x', '|'))
      const source = run.hot('                                      (a|)', items)
      const expected = '                                             ------(d|)'
      run.expectObservable(source.pipe(deadLetter, outcome)).toBe(expected, { d: 'dead-lettered 0' })
      run.flush()
      const why = 'the dead-letter topic refuses even a message without value: a key of 70000 bytes'
      assert.deepEqual(journal, [
        '0 publish 0',
        '0 publish 0-',
        `0 fault 1, again in 2: ${why}`,
        '2 publish 0-',
        `2 fault 2, again in 4: ${why}`,
        '6 publish 0-',
        '6 over',
        '6 dead 0-',
      ])
    }),
  )

  test(
    'publishes what the window holds when the source ends, and ends when that is done',
    marbles(run => {
      const { deadLetter } = publishing(run, inTurn('--|'))
      const source = run.hot('                                      -ab|', items)
      const expected = '                                             -----(d|)'
      run.expectObservable(source.pipe(deadLetter, outcome)).toBe(expected, { d: 'dead-lettered 0 1' })
    }),
  )

  test(
    'ends with an error that is neither fault nor refusal, and settles nothing for it',
    marbles(run => {
      const { deadLetter, journal } = publishing(run, inTurn('-?'))
      const source = run.hot('                                       -a----', items)
      run.expectObservable(source.pipe(deadLetter, outcome)).toBe('  -----#', {}, errors['?'])
      run.expectSubscriptions(source.subscriptions).toBe('           ^----!')
      run.flush()
      assert.deepEqual(journal, ['4 publish 0'])
    }),
  )

  test(
    'lets go of what is being published when nobody listens any more',
    marbles(run => {
      const under = run.cold('       -----|')
      const source = run.hot('-a-----------', items)
      const unsubscribed = '  ------!'
      const { retrying } = clients(run)
      const window = { ms: 3, count: 9 }
      const watch = { deadLettered: () => assert.fail() }
      const letting = deadLetter({ publish: () => under }, watch, window, { rows: 9, bytes: 9 }, retrying)
      run.expectObservable(source.pipe(letting), unsubscribed).toBe('-')
      run.expectSubscriptions(under.subscriptions).toBe('----^-!')
    }),
  )
})

describe('rejected records are cut into groups by their bytes', () => {
  const cuts = [
    [[], []],
    [[10], [1]],
    [
      [5, 5, 1],
      [2, 1],
    ],
    [
      [11, 1],
      [1, 1],
    ],
    [
      [1, 11, 1],
      [1, 1, 1],
    ],
    [
      [3, 3, 3, 3, 3, 3],
      [3, 3],
    ],
  ] as const
  for (const [bytes, groups] of cuts) {
    test(`of ${bytes.join(', ') || 'nothing'} at most 10 together: ${groups.join(', ') || 'no group'}`, () => {
      const items = bytes.map((size, offset) => rejected(offset, { bytes: size }))
      const cut = cutByBytes(items, 10)
      assert.deepEqual(cut.flat(), items)
      assert.deepEqual(
        cut.map(({ length }) => length),
        groups,
      )
    })
  }
})
