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

describe('a row and its events, by the moment of reading,', () => {
  const cases: readonly (readonly [title: string, versions: readonly Version[], row: Found, verdict: string])[] = [
    ['are equal when the one event stands', [first], found('ab'), 'equal'],
    ['differ in the column that differs', [first], found('aX'), 'different 2'],
    ['differ where null is expected, and where null is found', [version('a-')], found('-X'), 'different 1 2'],
    ['count a column that is left as it is by its earlier event', [first, second], found('cb'), 'equal'],
    ['differ when an earlier event stands', [first, second], found('ab'), 'different 1'],
    ['do not compare a column that no event sets', [second], found('cX'), 'equal'],
    ['tell a row that is not there', [first, second], found('none'), 'missing 0'],
    ['agree where a removal stands', [first, removal], found('none'), 'equal'],
    ['differ where a row was to be removed', [first, removal], found('ab'), 'different 0 1 2'],
    [
      'keep removed what a later event leaves as it is',
      [first, removal, version('c.', { offset: 5 })],
      found('c-'),
      'equal',
    ],
    ['may stand either way in two partitions', [first, other], found('ab'), 'equal'],
    ['may stand the other way in two partitions', [first, other], found('xy'), 'equal'],
    ['differ when the value is of neither partition', [first, other], found('aQ'), 'different 2'],
    ['may be replayed under or over what was read about then', [first, replayed], found('rs'), 'equal'],
    [
      'must not be replayed over what was made later',
      [version('ab', { offset: 1, time: at(3) }), replayed],
      found('rs'),
      'different 1 2',
    ],
    [
      'take the later of two replays',
      [replayed, version('tu', { time: at(2), isReplayed: true, offset: 6 })],
      found('rs'),
      'different 1 2',
    ],
    ['take a replay that came twice as one', [replayed, { ...replayed, offset: 6 }], found('rs'), 'equal'],
    ['may be ahead by an event behind the end', [first, refused], found('zz'), 'equal'],
    ['need not be ahead', [first, refused], found('ab'), 'equal'],
    ['expect nothing of an event that the table has refused', [refused], found('none'), 'explained'],
    ['are newer when a column was written after its siblings', [first], found('aX', written(5, 6)), 'newer 2'],
    ['are not newer when all was written at once', [first], found('aX', written(5, 5)), 'different 2'],
    ['are newer when all was written after the end', [first], found('XY', written(61, 61)), 'newer 1 2'],
    ['tell a print-out', [first], found('aX', { mendedTo: 'ab' }), 'print-out 2'],
    ['tell no print-out of something else', [first], found('aX', { mendedTo: 'aY' }), 'different 2'],
  ]
  for (const [title, versions, row, verdict] of cases) {
    test(title, () => assert.equal(verdictOf(versions, row), verdict))
  }

  test('are unclear when only a replay sets it and the audit has not seen what came before', () => {
    assert.equal(verdictOf([replayed], found('ab'), byReading, { isWhole: false }), 'unclear 1 2')
    assert.equal(verdictOf([replayed, first], found('QQ'), byReading, { isWhole: false }), 'different 1 2')
  })
})

describe("a row and its events, by the events' own time,", () => {
  const early = version('ab', { offset: 2, time: at(1) })
  const late = version('cd', { offset: 1, time: at(2) })
  const cases: readonly (readonly [title: string, versions: readonly Version[], row: Found, verdict: string])[] = [
    ['take the later time, whatever the order of reading', [late, early], found('cd'), 'equal'],
    ['differ otherwise', [late, early], found('ab'), 'different 1 2'],
    [
      'take the later place in one millisecond',
      [early, version('ef', { offset: 3, time: at(1) })],
      found('ab'),
      'different 1 2',
    ],
    [
      'may stand either way in one millisecond of two partitions',
      [early, version('ef', { partition: 1, time: at(1) })],
      found('ef'),
      'equal',
    ],
    ['are newer when the write timestamp is', [early], found('XY', written(2, 2)), 'newer 1 2'],
    ['are different when it is not', [early], found('XY', written(1, 1)), 'different 1 2'],
  ]
  for (const [title, versions, row, verdict] of cases) {
    test(title, () => assert.equal(verdictOf(versions, row, byEvent, { byEvent: true }), verdict))
  }

  test('are unclear when an event that the audit has not seen may be newer', () => {
    assert.equal(
      verdictOf([early], found('XY', written(2, 2)), byEvent, { byEvent: true, isWhole: false }),
      'unclear 1 2',
    )
  })
})
