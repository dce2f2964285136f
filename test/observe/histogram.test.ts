import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { between, Histogram, meanOf, quantile } from '../../src/observe/metrics/histogram.ts'

const bounds = [1, 10, 100]

const of = (...values: number[]): Histogram => {
  const histogram = new Histogram(bounds)
  values.forEach(value => histogram.observe(value))
  return histogram
}

describe('a histogram', () => {
  test('counts a value in the first bucket whose bound it does not exceed', () => {
    fc.assert(
      fc.property(fc.array(fc.float({ min: -5, max: 200, noNaN: true })), values => {
        const expected = [0, 0, 0, 0]
        for (const value of values) {
          const at = bounds.findIndex(bound => value <= bound)
          const slot = at < 0 ? bounds.length : at
          expected[slot] = (expected[slot] ?? 0) + 1
        }
        assert.deepEqual(of(...values).counts, expected)
      }),
    )
  })

  test('between two snapshots has count and mean', () => {
    const histogram = of(2, 4)
    const earlier = histogram.snapshot()
    ;[10, 20, 60].forEach(value => histogram.observe(value))
    const since = between(earlier, histogram.snapshot())
    assert.deepEqual([since.count, meanOf(since), since.counts], [3, 30, [0, 1, 2, 0]])
  })

  const quantiles: [name: string, values: number[], q: number, expected: number | undefined][] = [
    ['is undefined without values', [], 0.5, undefined],
    ['is interpolated linearly between two bounds', [5, 5, 5, 5], 0.5, 5.5],
    ['is interpolated from 0 below the first bound', [0.1, 0.2], 0.5, 0.5],
    ['is between the bounds that the share selects', [0.5, 0.5, 0.5, 50], 0.99, 10 + 90 * 0.96],
    ['is the last bound for values above all bounds', [1000], 0.5, 100],
  ]
  for (const [name, values, q, expected] of quantiles) {
    test(`a quantile ${name}`, () => {
      const found = quantile(of(...values).snapshot(), bounds, q)
      assert.equal(found?.toFixed(6), expected?.toFixed(6))
    })
  }
})
