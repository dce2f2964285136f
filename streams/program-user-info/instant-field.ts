import { InvalidEvent, type JsonObject } from '../../src/stream/index.ts'
import { parseInstant } from './instant.ts'

const expected = 'an instant'

/** The furthest that a Date reaches, in milliseconds on both sides of 1970. */
const furthest = 8.64e15

const badDate = (object: JsonObject, name: string, why: string): InvalidEvent =>
  new InvalidEvent('bad-date', `${object.path(name)}: ${why}`)

const fromText = (object: JsonObject, name: string, text: string): number => {
  const instant = parseInstant(text)
  if (instant === undefined) throw badDate(object, name, 'text that is no ISO 8601 date-time with Z or an offset')
  return instant
}

const fromMilliseconds = (object: JsonObject, name: string, milliseconds: number): number => {
  if (Number.isInteger(milliseconds) && Math.abs(milliseconds) <= furthest) return milliseconds
  throw badDate(object, name, 'a number that is no whole count of milliseconds that a date can have')
}

const fromScalar = (object: JsonObject, name: string): number => {
  const value = object.field(name)
  if (value === undefined) throw badDate(object, name, 'absent')
  if (value === '') throw badDate(object, name, 'empty')
  if (typeof value === 'string') return fromText(object, name, value)
  if (typeof value === 'number') return fromMilliseconds(object, name, value)
  throw object.refusal(name, expected)
}

const isObject = (value: unknown): boolean => typeof value === 'object' && !Array.isArray(value)

const fromNumberLong = (wrapper: JsonObject): number => {
  const digits = wrapper.object('$date')?.text('$numberLong')
  if (digits === undefined) throw wrapper.refusal('$date', expected)
  return fromMilliseconds(wrapper, '$date', /^-?\d+$/.test(digits) ? Number(digits) : NaN)
}

/**
 * Milliseconds since 1970-01-01T00:00Z of a field that holds an ISO 8601 date-time, epoch milliseconds, or either in
 * MongoDB's extended JSON: `{"$date": "2023-07-27T04:12:18Z"}`, `{"$date": {"$numberLong": "1690431138000"}}`.
 *
 * @throws InvalidEvent `bad-date` when it is absent, empty or not an instant; `wrong-type` when it never could be one.
 */
export const readInstant = (event: JsonObject, name: string): number => {
  if (!isObject(event.field(name))) return fromScalar(event, name)
  const wrapper = event.object(name)
  const date = wrapper?.field('$date')
  if (wrapper === undefined || date === undefined) throw event.refusal(name, expected)
  return isObject(date) ? fromNumberLong(wrapper) : fromScalar(wrapper, '$date')
}
