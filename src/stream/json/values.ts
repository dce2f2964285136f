import { InvalidEvent } from '../invalid-event.ts'

/** The name of a JSON type in messages, such as "expected text, found an object". */
const typeOf = (value: unknown): string => {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  const named: Record<string, string> = { string: 'text', number: 'a number', boolean: 'a boolean' }
  return named[typeof value] ?? 'an object'
}

/** The fault of a field with a wrong type: its path and the types, but not its value. */
export const wrongType = (path: string, expected: string, found: unknown): InvalidEvent =>
  new InvalidEvent('wrong-type', `${path}: expected ${expected}, found ${typeOf(found)}`)

export const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A field of a parsed JSON object, without those of Object.prototype; `undefined` if absent. */
export const ownField = (object: object, name: string): unknown =>
  Object.hasOwn(object, name) ? ((object as Record<string, unknown>)[name] ?? undefined) : undefined
