import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { map } from 'rxjs'
import { deadLetter, fitting } from '../../src/operators/dead-letter.ts'
import { type DeadLetter, sizeOf } from '../../src/operators/letter-forms.ts'
import { type Settled } from '../../src/model/record.ts'
import { type Answer, clients, errors, formOf, inTurn } from '../clients.ts'
import { marbles, idlesUntilValues, type Run } from '../marbles.ts'
import { offsetsOf, records, rejected } from '../records.ts'

const items = {
  a: rejected(0),
  b: rejected(1),
  c: rejected(2),
  s: { kind: 'settled', as: 'written', records: records(8, 9) },
} as const

const without = (journal: readonly string[], word: string): string[] => journal.filter(line => !line.includes(word))

const outcome = map(({ as, records }: Settled) => `${as} ${offsetsOf(records)}`)

const letterBytes = sizeOf(items.a.record)

/** Dead letters in windows of 3 ms, at most `rows` together. The journal has each reported one, such as `dead 3`. */
const publishing = (run: Run, answer: Answer, rows = 9) => {
  const { topic, retrying, journal, note } = clients(run)
  const watch = {
    deadLettered: (letter: DeadLetter) => note(`dead ${formOf(letter)}`),
  }
  return { deadLetter: deadLetter(topic(answer), watch, { ms: 3, count: 1000 }, rows * letterBytes, retrying), journal }
}

describe('deadLetter', () => {
  idlesUntilValues(run => publishing(run, inTurn('-')).deadLetter, items.a)

  test(
    'settles rejected records once all replicas have them',
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
    'emits settled records at once, even while it waits to publish',
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
      const source = run.hot('                                      -(abc)-------|', items)
      const expected = '                                             ---------de--|'
      run
        .expectObservable(source.pipe(deadLetter, outcome))
        .toBe(expected, { d: 'dead-lettered 0 1', e: 'dead-lettered 2' })
      run.flush()
      assert.deepEqual(journal, ['4 publish 0 1', '9 dead 0', '9 dead 1', '9 publish 2', '10 dead 2'])
    }),
  )

  test(
    'publishes records that are rejected meanwhile together, up to the limit of a request',
    marbles(run => {
      const { deadLetter, journal } = publishing(run, inTurn('---------|', '-|', '-|'), 4)
      const six = Object.fromEntries('abcdef'.split('').map((name, offset) => [name, rejected(offset)]))
      const source = run.hot('                                      -a---bcdef------|', six)
      // a's window                                                  ---
      const expected = '                                             -------------def|'
      run.expectObservable(source.pipe(deadLetter, outcome)).toBe(expected, {
        d: 'dead-lettered 0',
        e: 'dead-lettered 1 2 3 4',
        f: 'dead-lettered 5',
      })
      run.flush()
      assert.deepEqual(without(journal, 'dead'), ['4 publish 0', '13 publish 1 2 3 4', '14 publish 5'])
    }),
  )

  test(
    'retries after a fault until it succeeds; records that are rejected meanwhile wait',
    marbles(run => {
      const { deadLetter, journal } = publishing(run, inTurn('-#', '-#', '-|'), 1)
      const source = run.hot('                                      -ab------------|', items)
      // a fails at 5 and at 8, is retried at 7 and at 12
      const expected = '                                             -------------de|'
      run
        .expectObservable(source.pipe(deadLetter, outcome))
        .toBe(expected, { d: 'dead-lettered 0', e: 'dead-lettered 1' })
      run.flush()
      assert.deepEqual(
        journal.filter(line => !line.includes('fault')),
        ['4 publish 0', '7 publish 0', '12 publish 0', '13 dead 0', '13 over', '13 publish 1', '14 dead 1'],
      )
    }),
  )

  test(
    'publishes messages that are too large compressed, and the others unchanged',
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
        ...['4 publish 1z', '5 dead 1z', '5 publish 2', '6 dead 2'],
      ])
    }),
  )

  const whole = { key: Buffer.from('k'), value: Buffer.from('{'), headers: { trace: 'h' } }
  const forms = [
    ['all of it', whole, '0 0z 0z-v 0z-v-h 0z-v-h-k'],
    ['a message without a key', { ...whole, key: null }, '0 0z 0z-v 0z-v-h'],
    ['a message without headers', { ...whole, headers: {} }, '0 0z 0z-v 0z-v-k'],
    ['a message without a value', { ...whole, value: null }, '0 0z 0z-h 0z-h-k'],
  ] as const
  for (const [what, over, tried] of forms) {
    test(
      `omits one part after the other if the topic refuses a letter: ${what}`,
      marbles(run => {
        const last = tried.split(' ').at(-1)
        const { deadLetter, journal } = publishing(run, asked => (asked === last ? '|' : 'x'))
        run.expectObservable(run.hot('(a|)', { a: rejected(0, over) }).pipe(deadLetter, outcome)).toBe('(d|)', {
          d: 'dead-lettered 0',
        })
        run.flush()
        assert.deepEqual(journal, [...tried.split(' ').map(form => `0 publish ${form}`), `0 dead ${last}`])
      }),
    )
  }

  test(
    'waits if the topic refuses every form until somebody fixes it, and then publishes the whole letter',
    marbles(run => {
      const { deadLetter, journal } = publishing(run, inTurn('x', 'x', 'x', '|'))
      const source = run.hot('                                      (a|)', {
        a: rejected(0, { value: Buffer.from('{') }),
      })
      const expected = '                                             --(d|)'
      run.expectObservable(source.pipe(deadLetter, outcome)).toBe(expected, { d: 'dead-lettered 0' })
      run.flush()
      const why =
        'the dead-letter topic refuses a dead letter even without key, value and headers: raise its max.message.bytes'
      assert.deepEqual(journal, [
        ...['0 publish 0', '0 publish 0z', '0 publish 0z-v'],
        `0 fault 1, again in 2: ${why} (a key of 70000 bytes)`,
        ...['2 publish 0z', '2 dead 0z', '2 over'],
      ])
    }),
  )

  test(
    'sends a letter above the request limit compressed at once, and alone',
    marbles(run => {
      const large = rejected(1, { value: Buffer.alloc(5_000_000) })
      const { deadLetter, journal } = publishing(run, inTurn('|'))
      run.expectObservable(run.hot('(abc|)', { ...items, b: large }).pipe(deadLetter, outcome)).toBe('(def|)', {
        d: 'dead-lettered 0',
        e: 'dead-lettered 1',
        f: 'dead-lettered 2',
      })
      run.flush()
      assert.deepEqual(without(journal, 'dead'), ['0 publish 0', '0 publish 1z', '0 publish 2'])
    }),
  )

  test(
    'publishes the window when the source completes, and then completes',
    marbles(run => {
      const { deadLetter } = publishing(run, inTurn('--|'))
      const source = run.hot('                                      -ab|', items)
      const expected = '                                             -----(d|)'
      run.expectObservable(source.pipe(deadLetter, outcome)).toBe(expected, { d: 'dead-lettered 0 1' })
    }),
  )

  test(
    'fails on an error that is neither Fault nor InvalidRequest, without settling',
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
    'cancels what is being published on unsubscribe',
    marbles(run => {
      const under = run.cold('       -----|')
      const source = run.hot('-a-----------', items)
      const unsubscribed = '  ------!'
      const { retrying } = clients(run)
      const window = { ms: 3, count: 9 }
      const watch = { deadLettered: () => assert.fail() }
      const letting = deadLetter({ publish: () => under }, watch, window, 9 * letterBytes, retrying)
      run.expectObservable(source.pipe(letting), unsubscribed).toBe('-')
      run.expectSubscriptions(under.subscriptions).toBe('----^-!')
    }),
  )
})

describe('a request has a byte limit', () => {
  // A dead letter counts 1024 bytes more than its message.
  const requests = [
    [[10_000], 1],
    [[5_000, 2_000, 1], 2],
    [[11_000, 1], 1],
    [[1, 11_000, 1], 1],
    [[2_000, 2_000, 2_000, 2_000, 2_000, 2_000], 3],
    [[1, 1, 1], 3],
  ] as const
  for (const part of ['value', 'key', 'headers'] as const) {
    for (const [bytes, count] of requests) {
      test(`of ${part} of ${bytes.join(', ')} bytes the first ${count} within 10000`, () => {
        const held = (size: number) => (part === 'headers' ? { h: Buffer.alloc(size - 1) } : Buffer.alloc(size))
        const items = bytes.map((size, offset) => rejected(offset, { [part]: held(size) }))
        assert.equal(fitting(items, 10_000), count)
      })
    }
  }
})
