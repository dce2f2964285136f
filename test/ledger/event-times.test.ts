import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { EventTimes } from '../../src/ledger/event-times.ts'
import { record } from '../records.ts'

const change = (eventTime: number, row = 'u') => ({ partition: 'p', row, eventTime })
const at = (offset: number, over = {}) => record(offset, { timestamp: 2_000_000, ...over })

describe('write timestamps by the time of the event', () => {
  test('let the later of two versions in the same millisecond win, at any offsets', () => {
    for (const offset of [0, 499, 999, 1_999, 7_499]) {
      const times = new EventTimes()
      assert.ok(times.next(at(offset), change(50)) < times.next(at(offset + 1), change(50)), String(offset))
    }
  })

  test('never meet in two partitions whose numbers differ in their last digit', () => {
    for (const offset of [0, 7, 49, 50, 10_049]) {
      const [one, other] = [new EventTimes(), new EventTimes()]
      assert.notEqual(one.next(at(offset), change(50)), other.next(at(offset, { partition: 1 }), change(50)))
    }
  })

  test('of one row have room in a millisecond in which many other rows change too', () => {
    const times = new EventTimes()
    const given = Array.from({ length: 5_000 }, (_, offset) => times.next(at(offset), change(50, `u${offset % 1_000}`)))
    const ofOne = given.filter((_, offset) => offset % 1_000 === 3)
    assert.deepEqual(
      ofOne,
      [...new Set(ofOne)].sort((a, b) => a - b),
    )
  })

  test('are the same when the same records are read again', () => {
    const [first, again] = [new EventTimes(), new EventTimes()]
    for (let offset = 0; offset < 400; offset += 7) {
      assert.equal(first.next(at(offset), change(offset)), again.next(at(offset), change(offset)))
    }
  })

  test('stay within their millisecond', () => {
    const times = new EventTimes()
    for (let offset = 0; offset < 3_000; offset += 1)
      assert.equal(Math.floor(times.next(at(offset), change(50)) / 1000), 50)
  })

  test('are capped at the time of the read if the record has no timestamp', () => {
    for (const timestamp of [-1, 0, 1_700_000_000_000_000, 2 ** 63]) {
      const given = new EventTimes().next(at(0, { timestamp, writeTimestamp: 3_000_000 }), change(9e12))
      assert.equal(given, 3_000_000)
    }
    assert.equal(new EventTimes().next(at(0, { timestamp: -1, writeTimestamp: 3_000_000 }), change(50)), 50_000)
  })
})
