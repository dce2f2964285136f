import { isUtf8 } from 'node:buffer'
import { InvalidEvent } from '../invalid-event.ts'
import { type ObjectShape, type ValueOf } from '../shape.ts'
import { firstFault } from './fault.ts'
import { planOf } from './plan.ts'
import { Reader } from './reader.ts'
import { NotJson } from './scanner.ts'

const startsWithByteOrderMark = (bytes: Buffer): boolean => bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf

/** Serializers of a schema registry prefix the value with a zero byte and the four bytes of the schema id. */
const startsAsFramed = (bytes: Buffer): boolean => bytes.length > 5 && bytes[0] === 0 && bytes[1] === 0

const notJson = (value: Buffer, what: string): InvalidEvent => {
  const hint = startsAsFramed(value)
    ? '; they look like the framing of a schema registry (a zero byte and a schema id)'
    : ''
  const bytes = value.length === 1 ? '1 byte' : `${value.length} bytes`
  return new InvalidEvent('not-json', `the value (${bytes}) is not ${what}${hint}`)
}

const reader = new Reader()
const room = new Uint8Array(65_536)

/** The bytes, followed by a zero byte; valid until the next call. */
const terminated = (value: Buffer): Uint8Array => {
  const bytes = value.length < room.length ? room : new Uint8Array(value.length + 1)
  bytes.set(value)
  bytes[value.length] = 0
  return bytes
}

/**
 * Reads the fields of a shape from a message's value, which must be one JSON document (RFC 8259) in UTF-8. It checks the whole
 * document and ignores a leading byte-order mark.
 *
 * @returns a function that throws InvalidEvent: `empty-value`, `not-json`, or the first fault in the order of the shape's
 * fields, `wrong-type`, `missing-key` or `bad-date`. No error text contains a value.
 */
export const eventReader = <S extends ObjectShape>(shape: S): ((value: Buffer | null) => ValueOf<S>) => {
  const plan = planOf(shape)
  return value => {
    if (value === null) throw new InvalidEvent('empty-value', 'the message has no value')
    if (value.length === 0) throw new InvalidEvent('empty-value', 'the value has zero bytes')
    if (!isUtf8(value)) throw notJson(value, 'UTF-8')
    const from = startsWithByteOrderMark(value) ? 3 : 0
    let event: unknown
    try {
      event = reader.read(plan, terminated(value), value, from)
    } catch (error) {
      if (!(error instanceof NotJson)) throw error
      throw notJson(value, 'exactly one JSON document')
    }
    const fault = reader.faulty ? firstFault(shape.fields, JSON.parse(value.toString('utf8', from))) : undefined
    if (fault !== undefined) throw fault
    return event as ValueOf<S>
  }
}
