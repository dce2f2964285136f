import { type ColumnType, type ColumnTypes } from '../stream/definition.ts'

const fourBytes = (write: (buffer: Buffer) => void): Buffer => {
  const buffer = Buffer.allocUnsafe(4)
  write(buffer)
  return buffer
}

/** Microseconds or milliseconds, below 2^53, as the 8 bytes of a bigint. */
export const encodeLong = (value: number): Buffer => {
  const buffer = Buffer.allocUnsafe(8)
  buffer.writeInt32BE(Math.floor(value / 2 ** 32), 0)
  buffer.writeUInt32BE(value - Math.floor(value / 2 ** 32) * 2 ** 32, 4)
  return buffer
}

const encodeText = (value: string): Buffer => Buffer.from(value, 'utf8')

// Of longer texts the native write is faster, of shorter ones its call costs more than the loop.
const longestCopied = 40

/** Writes a short text of ASCII alone; false when it is not, and what it wrote then is to be overwritten. */
const copyAscii = (buffer: Buffer, text: string, at: number): boolean => {
  if (text.length > longestCopied) return false
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code > 127) return false
    buffer[at + index] = code
  }
  return true
}

const writeText = (buffer: Buffer, text: string, at: number): number => {
  const length = copyAscii(buffer, text, at + 4) ? text.length : buffer.write(text, at + 4, 'utf8')
  buffer.writeInt32BE(length, at)
  return at + 4 + length
}

// UTF-8 takes at most three bytes for what a JavaScript string counts as one.
const atMostBytes = (map: ReadonlyMap<string, string>): number => {
  let length = 4
  for (const [key, value] of map) length += 8 + 3 * (key.length + value.length)
  return length
}

let scratch = Buffer.allocUnsafe(65_536)

// The most expensive column to encode: written in one go where there is room for certain, then copied at its true size.
const encodeMap = (map: ReadonlyMap<string, string>): Buffer => {
  const atMost = atMostBytes(map)
  if (atMost > scratch.length) scratch = Buffer.allocUnsafe(atMost)
  scratch.writeInt32BE(map.size, 0)
  let at = 4
  for (const [key, value] of map) at = writeText(scratch, value, writeText(scratch, key, at))
  const encoded = Buffer.allocUnsafe(at)
  scratch.copy(encoded, 0, 0, at)
  return encoded
}

// A date is an unsigned count of days with 1970-01-01 in the middle of the range (native protocol v4, section 6.4).
const dateOrigin = 2 ** 31
const booleans = [Buffer.from([0]), Buffer.from([1])] as const

type Encoders = { readonly [T in ColumnType]: (value: ColumnTypes[T]) => Buffer }

/** Values as the native protocol v4 wants them (section 6); the driver sends a Buffer as it is. */
export const encoders: Encoders = {
  text: encodeText,
  boolean: value => booleans[value ? 1 : 0],
  int: value => fourBytes(buffer => buffer.writeInt32BE(value)),
  date: value => fourBytes(buffer => buffer.writeUInt32BE(value + dateOrigin)),
  timestamp: encodeLong,
  'map<text,text>': encodeMap,
}
