import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { defer, type Observable, of, throwError } from 'rxjs'
import { InvalidRequest } from '../../src/model/faults.ts'
import { halving } from '../../src/operators/halve.ts'

interface Seen {
  readonly attempts: number[][]
  readonly given: string[]
}

/** Attempts the numbers below `count`; the `bad` ones are refused. */
const halve = (count: number, bad: ReadonlySet<number>): Seen => {
  const seen: Seen = { attempts: [], given: [] }
  const attempt = (items: readonly number[]): Observable<string> =>
    defer(() => {
      seen.attempts.push([...items])
      return items.some(item => bad.has(item)) ? throwError(() => new InvalidRequest('bad')) : of(...items.map(String))
    })
  const alone = (item: number): Observable<string> => of(`${item} refused`)
  halving([...Array(count).keys()], attempt, alone).subscribe(text => seen.given.push(text))
  return seen
}

describe('halving', () => {
  test('attempts all at once if nothing is refused', () => {
    assert.deepEqual(halve(5, new Set()), { attempts: [[0, 1, 2, 3, 4]], given: ['0', '1', '2', '3', '4'] })
  })

  test('attempts the halves in order, down to the refused item', () => {
    const { attempts, given } = halve(6, new Set([4]))
    assert.deepEqual(attempts, [[0, 1, 2, 3, 4, 5], [0, 1, 2], [3, 4, 5], [3, 4], [3], [4], [5]])
    assert.deepEqual(given, ['0', '1', '2', '3', '4 refused', '5'])
  })

  test('does not attempt a lone item again', () => {
    assert.deepEqual(halve(1, new Set([0])), { attempts: [[0]], given: ['0 refused'] })
  })

  test('finds any one among a hundred in at most fifteen attempts: all, and two for each of seven halvings', () => {
    const worst = Math.max(...Array.from({ length: 100 }, (_, bad) => halve(100, new Set([bad])).attempts.length))
    assert.equal(worst, 15)
  })

  test('refuses exactly the bad ones, in order', () => {
    const cases = fc
      .integer({ min: 1, max: 64 })
      .chain(count => fc.tuple(fc.constant(count), fc.uniqueArray(fc.nat(count - 1), { maxLength: count })))
    fc.assert(
      fc.property(cases, ([count, list]) => {
        const bad = new Set(list)
        const { attempts, given } = halve(count, bad)
        const expected = [...Array(count).keys()].map(item => (bad.has(item) ? `${item} refused` : String(item)))
        assert.deepEqual(given, expected)
        assert.ok(attempts.length <= 1 + 2 * bad.size * Math.ceil(Math.log2(count)))
      }),
    )
  })

  test('passes any other error on without attempting anything else', () => {
    const attempts: number[][] = []
    const bug = new TypeError('a bug')
    const failing = (items: readonly number[]): Observable<never> =>
      defer(() => {
        attempts.push([...items])
        return throwError(() => (items.length > 2 ? new InvalidRequest('bad') : bug))
      })
    let error: unknown
    halving([1, 2, 3, 4], failing, () => assert.fail()).subscribe({ error: (given: unknown) => (error = given) })
    assert.equal(error, bug)
    assert.deepEqual(attempts, [
      [1, 2, 3, 4],
      [1, 2],
    ])
  })
})
