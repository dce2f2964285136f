import { isUtf8 } from 'node:buffer'
import { InvalidEvent } from './invalid-event.ts'

const startsWithByteOrderMark = (bytes: Buffer): boolean => bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf

/**
 * The one JSON document (RFC 8259) that a message's value is, in UTF-8; one leading byte-order mark is dropped. Of a
 * name given twice in an object the last one counts.
 *
 * @throws InvalidEvent `empty-value`, `not-json`. The engine's own error text is not passed on: it quotes the input.
 */
export const parseJson = (value: Buffer | null): unknown => {
  if (value === null) throw new InvalidEvent('empty-value', 'the message has no value')
  if (value.length === 0) throw new InvalidEvent('empty-value', 'the value has zero bytes')
  // JSON.parse alone would take invalid bytes: decoding has made U+FFFD of them by then.
  if (!isUtf8(value)) throw new InvalidEvent('not-json', `the ${value.length} bytes of the value are not UTF-8`)
  try {
    return JSON.parse(value.toString('utf8', startsWithByteOrderMark(value) ? 3 : 0))
  } catch {
    throw new InvalidEvent('not-json', `the ${value.length} bytes of the value are not exactly one JSON document`)
  }
}

/** A JSON type as messages name it: "expected text, found an object". */
const typeOf = (value: unknown): string => {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  const named: Record<string, string> = { string: 'text', number: 'a number', boolean: 'a boolean' }
  return named[typeof value] ?? 'an object'
}

const refusal = (path: string, expected: string, found: string): InvalidEvent =>
  new InvalidEvent('wrong-type', `${path}: expected ${expected}, found ${found}`)

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * An object somewhere in an event. Each reader gives a field's value, or `undefined` where it is absent (missing or
 * null), and throws InvalidEvent `wrong-type` for any other type. The message has the field's path, never its value; the
 * path is put together only then, from the names that the readers were asked for.
 */
export class JsonObject {
  readonly #fields: Fields
  readonly #parent: JsonObject | undefined
  readonly #name: string
  readonly #index: number | undefined

  private constructor(fields: Fields, parent?: JsonObject, name = '', index?: number) {
    this.#fields = fields
    this.#parent = parent
    this.#name = name
    this.#index = index
  }

  /**
   * The event as a whole.
   *
   * @throws InvalidEvent `wrong-type` when it is any other JSON value.
   */
  static from(event: unknown): JsonObject {
    if (!isFields(event)) throw refusal('the event', 'an object', typeOf(event))
    return new JsonObject(event)
  }

  /** Any JSON value; for fields that may be of several types. */
  field(name: string): unknown {
    // Not what Object.prototype has under this name.
    return Object.hasOwn(this.#fields, name) ? (this.#fields[name] ?? undefined) : undefined
  }

  text(name: string): string | undefined {
    const value = this.field(name)
    if (value === undefined || typeof value === 'string') return value
    throw this.refusal(name, 'text')
  }

  /**
   * Text, or the JSON text of a boolean or of the number as parsed: `28.0` gives `28`. A number whose digits parsing may
   * have changed (beyond 2^53, as an id of 19 digits is) is refused: its text would be another id.
   */
  scalarText(name: string): string | undefined {
    const value = this.field(name)
    if (value === undefined || typeof value === 'string') return value
    if (typeof value === 'boolean') return String(value)
    if (typeof value !== 'number') throw this.refusal(name, 'text')
    if (Math.abs(value) > Number.MAX_SAFE_INTEGER)
      throw this.refusal(name, 'text', 'a number too large for exact digits')
    return String(value)
  }

  boolean(name: string): boolean | undefined {
    const value = this.field(name)
    if (value === undefined || typeof value === 'boolean') return value
    throw this.refusal(name, 'a boolean')
  }

  object(name: string): JsonObject | undefined {
    const value = this.field(name)
    if (value === undefined) return undefined
    if (!isFields(value)) throw this.refusal(name, 'an object')
    return new JsonObject(value, this, name)
  }

  /** The objects of a list, in order, without its null entries. */
  objects(name: string): JsonObject[] | undefined {
    const list = this.field(name)
    if (list === undefined) return undefined
    if (!Array.isArray(list)) throw this.refusal(name, 'an array')
    const objects: JsonObject[] = []
    for (let index = 0; index < list.length; index++) {
      const entry: unknown = list[index]
      if (entry === null) continue
      if (!isFields(entry)) throw refusal(`${this.path(name)}[${index}]`, 'an object', typeOf(entry))
      objects.push(new JsonObject(entry, this, name, index))
    }
    return objects
  }

  /** Where a field is, from the event down: `userProfile.userLocations[2].name`. */
  path(name: string): string {
    if (this.#parent === undefined) return name
    const entry = this.#index === undefined ? '' : `[${this.#index}]`
    return `${this.#parent.path(this.#name)}${entry}.${name}`
  }

  /** What to throw when a field is of another type than expected. */
  refusal(name: string, expected: string, found = typeOf(this.field(name))): InvalidEvent {
    return refusal(this.path(name), expected, found)
  }
}
