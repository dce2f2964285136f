import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { defer, throwError } from 'rxjs'
import { delayMs, persistently } from '../../src/operators/retry.ts'
import { clients, errors } from '../clients.ts'
import { marbles, idlesUntilValues } from '../marbles.ts'

const earliest = () => 0
const latest = () => 1 - Number.EPSILON

describe('the delay before the next retry', () => {
  const backoff = { firstMs: 100, capMs: 30_000 }
  const delays = [
    [1, 50, 100],
    [2, 100, 200],
    [3, 200, 400],
    [9, 12_800, 25_600],
    [10, 15_000, 30_000],
    [11, 15_000, 30_000],
    [5_000, 15_000, 30_000],
  ] as const
  for (const [attempt, least, most] of delays) {
    test(`after attempt ${attempt} is from ${least} to ${most} ms`, () => {
      assert.deepEqual([delayMs(backoff, attempt, earliest), delayMs(backoff, attempt, latest)], [least, most])
    })
  }

  test('reaches the cap at the tenth attempt, after at most 51 s in all', () => {
    const before = Array.from({ length: 9 }, (_, index) => delayMs(backoff, index + 1, latest))
    assert.ok(before.every(ms => ms < backoff.capMs))
    assert.equal(
      before.reduce((sum, ms) => sum + ms),
      51_100,
    )
  })

  test('is a whole number of milliseconds, never above the cap and never zero', () => {
    const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
    const times = fc.integer({ min: 1, max: 60_000 })
    fc.assert(
      fc.property(times, times, fc.integer({ min: 1, max: 10_000 }), chance, (firstMs, capMs, attempt, random) => {
        const ms = delayMs({ firstMs, capMs }, attempt, () => random)
        assert.ok(Number.isInteger(ms) && ms >= 1 && ms <= capMs)
      }),
    )
  })
})

describe('persistently', () => {
  idlesUntilValues(run => persistently(clients(run).retrying), 'v')

  test(
    'retries after each fault, with rising delays, until it succeeds',
    marbles(run => {
      const { journal, retrying } = clients(run)
      const answers = [
        run.cold('-#         ', {}, errors['#']),
        run.cold('   -#      ', {}, errors['#']),
        run.cold('        -a|'),
      ]
      let asked = 0
      const step = defer(() => answers[asked++] ?? assert.fail('too many attempts'))
      // waits             --  ----
      const expected = '   ---------a|'
      run.expectObservable(step.pipe(persistently(retrying))).toBe(expected)
      run.expectSubscriptions(answers[0]?.subscriptions ?? []).toBe('^!')
      run.expectSubscriptions(answers[1]?.subscriptions ?? []).toBe('---^!')
      run.expectSubscriptions(answers[2]?.subscriptions ?? []).toBe('--------^-!')
      run.flush()
      assert.deepEqual(journal, [
        '1 fault 1, again in 2: not enough replicas',
        '4 fault 2, again in 4: not enough replicas',
        '10 over',
      ])
    }),
  )

  test(
    'never gives up',
    marbles(run => {
      const { retrying, table } = clients(run)
      const step = table((_, call) => (call <= 10_000 ? '#' : '|'))
      run.expectObservable(defer(() => step.write([])).pipe(persistently(retrying))).toBe(`${2 + 4 + 9_998 * 8}ms |`)
    }),
  )

  test(
    'passes on any other error at once, without a report',
    marbles(run => {
      const { journal, retrying } = clients(run)
      for (const error of [errors.x, errors['?']]) {
        const step = run.cold('                                 --#', {}, error)
        run.expectObservable(step.pipe(persistently(retrying))).toBe('--#', {}, error)
        run.expectSubscriptions(step.subscriptions).toBe('       ^-!')
      }
      run.flush()
      assert.deepEqual(journal, [])
    }),
  )

  test(
    'reports the end of the fault even if another error follows',
    marbles(run => {
      const { journal, retrying } = clients(run)
      let asked = 0
      const step = defer(() => throwError(() => (asked++ === 0 ? errors['#'] : errors['?'])))
      run.expectObservable(step.pipe(persistently(retrying))).toBe('--#', {}, errors['?'])
      run.flush()
      assert.deepEqual(journal, ['0 fault 1, again in 2: not enough replicas', '2 over'])
    }),
  )

  test(
    'cancels the retry on unsubscribe, and reports the end of the fault',
    marbles(run => {
      const { journal, retrying } = clients(run)
      const step = run.cold('                          -#', {}, errors['#'])
      const unsubscribed = '                           --!'
      run.expectObservable(step.pipe(persistently(retrying)), unsubscribed).toBe('-')
      run.expectSubscriptions(step.subscriptions).toBe('^!')
      run.flush()
      assert.deepEqual(journal, ['1 fault 1, again in 2: not enough replicas', '2 over'])
    }),
  )

  test(
    'counts the attempts of each step from one',
    marbles(run => {
      const { journal, retrying, table } = clients(run)
      const answering = table((_, call) => (call % 2 === 1 ? '#' : '|'))
      const step = defer(() => answering.write([])).pipe(persistently(retrying))
      run.expectObservable(step).toBe('--|')
      run.expectObservable(step, '-----^').toBe('-------|')
      run.flush()
      assert.deepEqual(
        journal.filter(line => line.includes('fault')),
        ['0 fault 1, again in 2: not enough replicas', '5 fault 1, again in 2: not enough replicas'],
      )
    }),
  )
})
