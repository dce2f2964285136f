import { InvalidEvent } from '../invalid-event.ts'

/** A JSON type as messages name it: "expected text, found an object". */
const typeOf = (value: unknown): string => {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  const named: Record<string, string> = { string: 'text', number: 'a number', boolean: 'a boolean' }
  return named[typeof value] ?? 'an object'
}

/** The fault of a field that is of another type than expected: its path and the types, never its value. */
export const wrongType = (path: string, expected: string, found: unknown): InvalidEvent =>
  new InvalidEvent('wrong-type', `${path}: expected ${expected}, found ${typeOf(found)}`)

export const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A field of a parsed JSON object, `undefined` where it is absent; not what Object.prototype has under this name. */
export const ownField = (object: object, name: string): unknown =>
  Object.hasOwn(object, name) ? ((object as Record<string, unknown>)[name] ?? undefined) : undefined
