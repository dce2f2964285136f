import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Reason } from '../../src/stream/invalid-event.ts'
import { rejects } from '../rejects.ts'
import { changeOf, rowOf, valid } from './enrolments.ts'

const shown = (value: unknown) => (value === undefined ? String(value) : JSON.stringify(value))

describe('the day of an instant is the one in UTC', () => {
  const days: [date: unknown, day: string][] = [
    ['2023-07-27T04:12:18.511Z', '2023-07-27'],
    ['2023-07-27T04:12:18Z', '2023-07-27'],
    ['2023-07-27T04:12Z', '2023-07-27'],
    ['2023-07-27T04:12:18.5Z', '2023-07-27'],
    ['2023-07-27T23:59:59,999999999999Z', '2023-07-27'],
    ['2023-07-27T05:29:59+05:30', '2023-07-26'],
    ['2023-07-27T05:30:00+05:30', '2023-07-27'],
    ['2023-07-27T05:29:59.999+0530', '2023-07-26'],
    ['2023-07-27T23:00:00-01', '2023-07-28'],
    ['2023-07-27T00:00:00-00:00', '2023-07-27'],
    ['2023-07-27T00:00:00+23:59', '2023-07-26'],
    ['2024-02-29T00:00:00.000Z', '2024-02-29'],
    ['2000-02-29T12:00:00Z', '2000-02-29'],
    ['2023-12-31T23:59:59.999Z', '2023-12-31'],
    ['1969-12-31T23:59:59.999Z', '1969-12-31'],
    ['0000-01-01T00:00:00Z', '0000-01-01'],
    ['0099-03-04T00:00:00.000Z', '0099-03-04'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31'],
    [100_000_000_000, '1973-03-03'],
    [100_051_199_999, '1973-03-03'],
    [100_051_200_000, '1973-03-04'],
    [1690431138511, '2023-07-27'],
    [8.64e15, '+275760-09-13'],
    [{ $date: '2023-07-27T04:12:18.511Z' }, '2023-07-27'],
    [{ $date: '2023-07-27T01:00:00+05:30' }, '2023-07-26'],
    [{ $date: 1690431138511 }, '2023-07-27'],
    [{ $date: { $numberLong: '1690431138511' } }, '2023-07-27'],
    [{ $date: { $numberLong: '100000000000' } }, '1973-03-03'],
  ]
  for (const [date, day] of days) {
    test(`${JSON.stringify(date)} is ${day}`, () => {
      const { created_at, updated_at } = rowOf({ ...valid, createdAt: date, updatedAt: date })
      assert.deepEqual([created_at, updated_at], [Date.parse(`${day}T00:00Z`) / 86_400_000, created_at])
    })
  }

  test('and its time, truncated to the millisecond, orders the writes', () => {
    const updatedAt = '2023-07-27T05:30:00.123999+05:30'
    assert.equal(changeOf({ ...valid, updatedAt }).eventTime, Date.UTC(2023, 6, 27, 0, 0, 0, 123))
  })
})

describe('what is not an instant is a dead letter', () => {
  const noIso = 'text that is not an ISO 8601 date-time with Z or an offset'
  const noCount = 'a number that is not a whole count of milliseconds within the range of dates'
  const seconds = 'a number below 100,000,000,000, which is before March 1973 in milliseconds; it may be in seconds'
  const texts = [
    ...['2021-13-45T00:00:00Z', '2023-00-01T00:00:00Z', '2023-07-00T00:00:00Z', '2023-07-32T00:00:00.000Z'],
    ...['2023-02-30T04:12:18.511Z', '2023-02-29T00:00:00Z', '1900-02-29T00:00:00Z', '2023-04-31T23:59:59+05:30'],
    ...['2023-07-27T24:00:00.000Z', '2023-07-27T25:00:00Z', '2023-07-27T04:60:00Z', '2023-07-27T04:12:61Z'],
    ...['2016-12-31T23:59:60Z', '2016-12-31T23:59:60.000Z', '2023-07-27T04:12:18+24:00', '2023-07-27T04:12:18+05:60'],
    ...['2021-1-5', '2023-07-27', '2023-07-27T04Z', '2023-07-27T04:12:18', '2023-07-27T04:12:18.Z'],
    ...['2023-07-27T04:12:18.511Z and more', ' 2023-07-27T04:12:18.511Z', '2023-07-27T04:12:18.511Z\n', ' '],
    ...['2023-07-27 04:12:18Z', '2023-07-27t04:12:18z', '20230727T041218Z', '2023-W30-4T04:12:18Z', '2023-208T04:12Z'],
    ...['+002023-07-27T04:12:18Z', '+275760-09-13T00:00:00.000Z', '2023-07-27T04:12:18+5:30', '2023-07-27T04:12.5Z'],
    ...['1690431138511', 'Thu Jul 27 2023 04:12:18', 'Thu, 27 Jul 2023 04:12:18 GMT', 'now', '٢٠٢٣-07-27T04:12:18Z'],
  ]
  const rules: [value: unknown, reason: Reason, path: string, why: string][] = [
    [undefined, 'bad-date', '', 'absent'],
    [null, 'bad-date', '', 'absent'],
    ['', 'bad-date', '', 'empty'],
    ...texts.map((text): [string, Reason, string, string] => [text, 'bad-date', '', noIso]),
    [0.5, 'bad-date', '', noCount],
    [1690431138.511, 'bad-date', '', noCount],
    [8.64e15 + 1, 'bad-date', '', noCount],
    [-1e300, 'bad-date', '', noCount],
    ...[0, -1, 1_690_431_138, 99_999_999_999, -1_690_431_138_511, -8.64e15].map(
      (number): [number, Reason, string, string] => [number, 'bad-date', '', seconds],
    ),
    [{ $date: 1_690_431_138 }, 'bad-date', '.$date', seconds],
    [{ $date: { $numberLong: '1690431138' } }, 'bad-date', '.$date', seconds],
    [{ $date: { $numberLong: '-1690431138511' } }, 'bad-date', '.$date', seconds],
    [{ $date: '' }, 'bad-date', '.$date', 'empty'],
    [{ $date: '2023-07-27' }, 'bad-date', '.$date', noIso],
    [{ $date: 1e300 }, 'bad-date', '.$date', noCount],
    [{ $date: { $numberLong: '' } }, 'bad-date', '.$date', noCount],
    [{ $date: { $numberLong: '0x10' } }, 'bad-date', '.$date', noCount],
    [{ $date: { $numberLong: '8640000000000001' } }, 'bad-date', '.$date', noCount],
    [true, 'wrong-type', '', 'expected an instant, found a boolean'],
    [['2023-07-27T04:12:18Z'], 'wrong-type', '', 'expected an instant, found an array'],
    [{}, 'wrong-type', '', 'expected an instant, found an object'],
    [{ $date: null }, 'wrong-type', '', 'expected an instant, found an object'],
    [{ date: '2023-07-27T04:12:18Z' }, 'wrong-type', '', 'expected an instant, found an object'],
    [{ $date: true }, 'wrong-type', '.$date', 'expected an instant, found a boolean'],
    [{ $date: [0] }, 'wrong-type', '.$date', 'expected an instant, found an array'],
    [{ $date: {} }, 'wrong-type', '.$date', 'expected an instant, found an object'],
    [{ $date: { $date: 0 } }, 'wrong-type', '.$date', 'expected an instant, found an object'],
    [{ $date: { $numberLong: 5 } }, 'wrong-type', '.$date.$numberLong', 'expected text, found a number'],
  ]
  for (const [value, reason, path, why] of rules) {
    test(`${shown(value)}: ${reason}`, () => {
      for (const field of ['createdAt', 'updatedAt']) {
        rejects(() => rowOf({ ...valid, [field]: value }), reason, `${field}${path}: ${why}`)
      }
    })
  }
})
