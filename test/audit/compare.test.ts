import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compare, type Context } from '../../src/audit/compare.ts'
import { fold } from '../../src/audit/fold.ts'
import { byEvent, byReading, type Order } from '../../src/audit/order.ts'
import { type Found, type Version } from '../../src/audit/version.ts'
import { at, found, version } from './versions.ts'

const context: Context = { byEvent: false, isWhole: true, endedAt: at(60) }

const verdictOf = (versions: readonly Version[], row: Found, order: Order = byReading, more: Partial<Context> = {}) => {
  const expected = fold(versions, order).get('aa')
  assert.ok(expected !== undefined)
  const { verdict, cells } = compare(expected, row, { ...context, ...more })
  return [verdict, ...cells].join(' ')
}

const written = (...minutes: number[]): { writtenAt: Float64Array } => ({
  writtenAt: Float64Array.from([NaN, ...minutes.map(at)]),
})

const first = version('ab', { offset: 1, time: at(1) })
const second = version('c.', { offset: 2, time: at(2) })
const other = version('xy', { offset: 9, time: at(3), partition: 1 })
const replayed = version('rs', { offset: 5, time: at(1), isReplayed: true })
const refused = version('zz', { offset: 3, time: at(3), isOptional: true })
const removal = version('gone', { offset: 4, time: at(4) })

describe('a row and its events, ordered by the time of the read,', () => {
  const cases: readonly (readonly [title: string, versions: readonly Version[], row: Found, verdict: string])[] = [
    ['are equal if the row has the values of the only event', [first], found('ab'), 'equal'],
    ['differ in the column that differs', [first], found('aX'), 'different 2'],
    ['differ if null is expected, and if null is found', [version('a-')], found('-X'), 'different 1 2'],
    ['take an unset column from the earlier event', [first, second], found('cb'), 'equal'],
    ['differ if an earlier event has won', [first, second], found('ab'), 'different 1'],
    ['do not compare a column that no event sets', [second], found('cX'), 'equal'],
    ['report a missing row', [first, second], found('none'), 'missing 0'],
    ['are equal if the row was removed', [first, removal], found('none'), 'equal'],
    ['differ if the row should have been removed', [first, removal], found('ab'), 'different 0 1 2'],
    [
      'do not expect a removed value after an event that leaves it unset',
      [first, removal, version('c.', { offset: 5 })],
      found('c-'),
      'equal',
    ],
    ['accept either event of two partitions', [first, other], found('ab'), 'equal'],
    ['accept the other event of two partitions', [first, other], found('xy'), 'equal'],
    ['differ if the value is from neither partition', [first, other], found('aQ'), 'different 2'],
    ['accept a replay before or after an event of about the same time', [first, replayed], found('rs'), 'equal'],
    [
      'do not accept a replay after a later event',
      [version('ab', { offset: 1, time: at(3) }), replayed],
      found('rs'),
      'different 1 2',
    ],
    [
      'expect the later of two replays',
      [replayed, version('tu', { time: at(2), isReplayed: true, offset: 6 })],
      found('rs'),
      'different 1 2',
    ],
    ['treat a replay that was published twice as one', [replayed, { ...replayed, offset: 6 }], found('rs'), 'equal'],
    ['accept a row that an event after the end has changed', [first, refused], found('zz'), 'equal'],
    ['accept a row that it has not changed', [first, refused], found('ab'), 'equal'],
    ['expect no row for an event that the table refused', [refused], found('none'), 'explained'],
    ['are newer if a column was written later than the others', [first], found('aX', written(5, 6)), 'newer 2'],
    ['are not newer if all columns were written at once', [first], found('aX', written(5, 5)), 'different 2'],
    ['are newer if all columns were written after the end', [first], found('XY', written(61, 61)), 'newer 1 2'],
    ['recognise a print-out', [first], found('aX', { mendedTo: 'ab' }), 'print-out 2'],
    ['are different if it is a print-out of another value', [first], found('aX', { mendedTo: 'aY' }), 'different 2'],
  ]
  for (const [title, versions, row, verdict] of cases) {
    test(title, () => assert.equal(verdictOf(versions, row), verdict))
  }

  test('are unclear if only a replay sets a column and the audit did not read earlier events', () => {
    assert.equal(verdictOf([replayed], found('ab'), byReading, { isWhole: false }), 'unclear 1 2')
    assert.equal(verdictOf([replayed, first], found('QQ'), byReading, { isWhole: false }), 'different 1 2')
  })
})

describe('a row and its events, ordered by the time in the event,', () => {
  const early = version('ab', { offset: 2, time: at(1) })
  const late = version('cd', { offset: 1, time: at(2) })
  const cases: readonly (readonly [title: string, versions: readonly Version[], row: Found, verdict: string])[] = [
    ['expect the event with the later time, in whatever order they were read', [late, early], found('cd'), 'equal'],
    ['differ otherwise', [late, early], found('ab'), 'different 1 2'],
    [
      'expect the later offset within a millisecond',
      [early, version('ef', { offset: 3, time: at(1) })],
      found('ab'),
      'different 1 2',
    ],
    [
      'accept either event of two partitions within a millisecond',
      [early, version('ef', { partition: 1, time: at(1) })],
      found('ef'),
      'equal',
    ],
    ['are newer if the write timestamp is newer', [early], found('XY', written(2, 2)), 'newer 1 2'],
    ['are different if it is not', [early], found('XY', written(1, 1)), 'different 1 2'],
  ]
  for (const [title, versions, row, verdict] of cases) {
    test(title, () => assert.equal(verdictOf(versions, row, byEvent, { byEvent: true }), verdict))
  }

  test('are unclear if an event that the audit did not read may be newer', () => {
    assert.equal(
      verdictOf([early], found('XY', written(2, 2)), byEvent, { byEvent: true, isWhole: false }),
      'unclear 1 2',
    )
  })
})
