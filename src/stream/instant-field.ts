import { parseInstant } from './instant.ts'
import { InvalidEvent } from './invalid-event.ts'
import { isObject, ownField, wrongType } from './json/values.ts'

const expected = 'an instant'

/** March 1973. A smaller number is a count of seconds by mistake. */
const earliest = 100_000_000_000

/** The last time that a Date can hold, in milliseconds. */
const furthest = 8.64e15

const badDate = (path: string, why: string): InvalidEvent => new InvalidEvent('bad-date', `${path}: ${why}`)

const fromMilliseconds = (milliseconds: number, path: string): number | InvalidEvent => {
  if (!Number.isInteger(milliseconds) || Math.abs(milliseconds) > furthest) {
    return badDate(path, 'a number that is not a whole count of milliseconds within the range of dates')
  }
  if (milliseconds >= earliest) return milliseconds
  return badDate(
    path,
    'a number below 100,000,000,000, which is before March 1973 in milliseconds; it may be in seconds',
  )
}

const fromScalar = (value: unknown, path: string): number | InvalidEvent => {
  if (value === '') return badDate(path, 'empty')
  if (typeof value === 'number') return fromMilliseconds(value, path)
  if (typeof value !== 'string') return wrongType(path, expected, value)
  return parseInstant(value) ?? badDate(path, 'text that is not an ISO 8601 date-time with Z or an offset')
}

const fromNumberLong = (date: object, path: string): number | InvalidEvent => {
  const digits = ownField(date, '$numberLong')
  if (digits === undefined) return wrongType(path, expected, date)
  if (typeof digits !== 'string') return wrongType(`${path}.$numberLong`, 'text', digits)
  return fromMilliseconds(/^-?\d+$/.test(digits) ? Number(digits) : NaN, path)
}

/**
 * Milliseconds since 1970-01-01T00:00Z of a JSON value: an ISO 8601 date-time, epoch milliseconds as a whole number of at
 * least 100,000,000,000, or either in MongoDB's extended JSON: `{"$date": "2023-07-27T04:12:18Z"}`,
 * `{"$date": {"$numberLong": "1690431138000"}}`. Returns the fault, `bad-date` or `wrong-type`, for anything else.
 */
export const readInstant = (value: unknown, path: string): number | InvalidEvent => {
  if (value === undefined || value === null) return badDate(path, 'absent')
  if (!isObject(value)) return fromScalar(value, path)
  const date = ownField(value, '$date')
  if (date === undefined) return wrongType(path, expected, value)
  return isObject(date) ? fromNumberLong(date, `${path}.$date`) : fromScalar(date, `${path}.$date`)
}
