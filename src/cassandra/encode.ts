import { type ColumnType, type ColumnTypes } from '../stream.ts'

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

const writeText = (buffer: Buffer, value: string, at: number): number => {
  const length = buffer.write(value, at + 4, 'utf8')
  buffer.writeInt32BE(length, at)
  return at + 4 + length
}

// The whole map in one allocation: it is the most expensive column to encode.
const encodeMap = (map: ReadonlyMap<string, string>): Buffer => {
  let length = 4
  for (const [key, value] of map) length += 8 + Buffer.byteLength(key) + Buffer.byteLength(value)
  const buffer = Buffer.allocUnsafe(length)
  buffer.writeInt32BE(map.size, 0)
  let at = 4
  for (const [key, value] of map) at = writeText(buffer, value, writeText(buffer, key, at))
  return buffer
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
