import { type ColumnType, type ColumnTypes } from '../stream/definition.ts'
import { type Text } from '../stream/text.ts'
import { Slab } from './slab.ts'

/** Lengths without a value: null, and unset (native protocol v4, section 3). */
export const nullLength = -1
export const unsetLength = -2

/** A number below 2^53 as the 8 bytes of a bigint. */
export const encodeLong = (value: number): Buffer => {
  const buffer = Buffer.allocUnsafe(8)
  buffer.writeInt32BE(Math.floor(value / 2 ** 32), 0)
  buffer.writeUInt32BE(value - Math.floor(value / 2 ** 32) * 2 ** 32, 4)
  return buffer
}

const writeInt = (slab: Slab, value: number): void => {
  if (value !== (value | 0)) throw new RangeError('an int is a whole number of 32 bits')
  slab.int(4)
  slab.int(value)
}

// A date is an unsigned number of days, with 1970-01-01 at 2^31 (section 6.4).
const writeDate = (slab: Slab, days: number): void => {
  if (days !== (days | 0)) throw new RangeError('a date is a whole number of days, of 32 bits')
  slab.int(4)
  slab.int(days ^ 0x80000000)
}

const writeTimestamp = (slab: Slab, value: number): void => {
  slab.int(8)
  slab.int(Math.floor(value / 2 ** 32))
  slab.int(value)
}

const writeMap = (slab: Slab, map: ReadonlyMap<string, string | Text>): void => {
  const mark = slab.open()
  slab.int(map.size)
  for (const [key, value] of map) {
    slab.string(key)
    slab.string(value)
  }
  slab.close(mark)
}

type Writers = { readonly [T in ColumnType]: (slab: Slab, value: ColumnTypes[T]) => void }

/** Writes a value of each type: its length, then its bytes (native protocol v4, section 6). */
export const writers: Writers = {
  text: (slab, value) => slab.string(value),
  boolean: (slab, value) => {
    slab.int(1)
    slab.byte(value ? 1 : 0)
  },
  int: writeInt,
  date: writeDate,
  timestamp: writeTimestamp,
  'map<text,text>': writeMap,
}

const slab = new Slab()

/** One value, in the form that the driver accepts. */
export const encode = <T extends ColumnType>(type: T, value: ColumnTypes[T]): Buffer => {
  slab.begin()
  writers[type](slab, value)
  const { bytes, start, end } = slab.written
  return bytes.subarray(start + 4, end)
}
