import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { WriteTimes } from '../../src/ledger/write-times.ts'

describe('write timestamps', () => {
  test('are the time of the read in microseconds', () => {
    assert.equal(new WriteTimes().next(0, 1_700_000_000_123), 1_700_000_000_123_000)
  })

  test('of one partition rise by ten within a millisecond', () => {
    const times = new WriteTimes()
    assert.deepEqual([times.next(0, 5), times.next(0, 5), times.next(0, 5)], [5000, 5010, 5020])
  })

  test('end with the last digit of the partition number', () => {
    const times = new WriteTimes()
    assert.deepEqual([times.next(3, 5), times.next(1, 5), times.next(17, 5)], [5003, 5011, 5017])
  })

  test('keep rising for more than a hundred reads in a millisecond', () => {
    const times = new WriteTimes()
    const given = Array.from({ length: 250 }, () => times.next(0, 5))
    assert.equal(given.at(-1), 7490)
    assert.equal(times.next(0, 6), 7500)
  })

  test('keep rising when the clock is set back, and follow it again later', () => {
    const times = new WriteTimes()
    assert.deepEqual([times.next(0, 50), times.next(0, 20), times.next(0, 51)], [50_000, 50_010, 51_000])
  })

  test('rise strictly over all partitions, and are never before the clock', () => {
    const reads = fc.array(fc.tuple(fc.nat(25), fc.integer({ min: 0, max: 5 })), { maxLength: 200 })
    fc.assert(
      fc.property(reads, steps => {
        const times = new WriteTimes()
        let last = -1
        for (const [partition, now] of steps) {
          const time = times.next(partition, now)
          assert.ok(time > last && time >= now * 1000)
          last = time
        }
      }),
    )
  })

  test('of two workers never meet, as long as the partition numbers differ in their last digit', () => {
    const reads = fc.array(fc.tuple(fc.nat(9), fc.integer({ min: 0, max: 3 })), { maxLength: 200 })
    fc.assert(
      fc.property(reads, steps => {
        const workers = [new WriteTimes(), new WriteTimes()] as const
        const given = steps.map(([partition, now]) => workers[partition < 5 ? 0 : 1].next(partition, now))
        assert.equal(new Set(given).size, given.length)
      }),
    )
  })
})
