import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { WriteTimes } from '../../src/ledger/write-times.ts'

describe('write timestamps', () => {
  test('are the time of the read in microseconds', () => {
    assert.equal(new WriteTimes().next(0, 1_700_000_000_123), 1_700_000_000_123_000)
  })

  test('rise by one within a millisecond', () => {
    const times = new WriteTimes()
    assert.deepEqual([times.next(0, 5), times.next(0, 5), times.next(0, 5)], [5000, 5001, 5002])
  })

  test('keep rising for more than a thousand reads in a millisecond', () => {
    const times = new WriteTimes()
    const given = Array.from({ length: 2500 }, () => times.next(0, 5))
    assert.equal(given.at(-1), 7499)
    assert.equal(times.next(0, 6), 7500)
  })

  test('keep rising when the clock is set back, and follow it again later', () => {
    const times = new WriteTimes()
    assert.deepEqual([times.next(0, 50), times.next(0, 20), times.next(0, 51)], [50_000, 50_001, 51_000])
  })

  test('of one partition do not depend on another', () => {
    const times = new WriteTimes()
    times.next(0, 50)
    assert.deepEqual([times.next(1, 20), times.next(0, 20)], [20_000, 50_001])
  })

  test('rise strictly in each partition and are never before the clock', () => {
    const reads = fc.array(fc.tuple(fc.nat(2), fc.integer({ min: 0, max: 5 })), { maxLength: 200 })
    fc.assert(
      fc.property(reads, steps => {
        const times = new WriteTimes()
        const last = new Map<number, number>()
        for (const [partition, now] of steps) {
          const time = times.next(partition, now)
          assert.ok(time > (last.get(partition) ?? -1) && time >= now * 1000)
          last.set(partition, time)
        }
      }),
    )
  })
})
