import { type PackedChange } from '../model/change.ts'

/** A change with the id of its prepared statement, and the number of values of that. */
export interface Prepared {
  readonly id: Buffer
  readonly values: number
  readonly change: PackedChange
  /** Microseconds. */
  readonly writeTimestamp: number
}

const unlogged = 1
const isPrepared = 1
const withValues = 1
const timestampBytes = 12

const sizeOf = ({ id, change: { start, end } }: Prepared): number => 4 + id.length + end - start + timestampBytes

const writeId = (body: Buffer, { id }: Prepared, at: number): number => {
  body.writeUInt16BE(id.length, at)
  id.copy(body, at + 2)
  return at + 2 + id.length
}

const writeTimestamp = (body: Buffer, microseconds: number, at: number): number => {
  const high = Math.floor(microseconds / 2 ** 32)
  body.writeInt32BE(8, at)
  body.writeInt32BE(high, at + 4)
  body.writeUInt32BE(microseconds - high * 2 ** 32, at + 8)
  return at + timestampBytes
}

/** Writes the number of values and the values. The write timestamp is the last value of an INSERT and the first of a DELETE. */
const writeValues = (body: Buffer, { values, change, writeTimestamp: time }: Prepared, at: number): number => {
  const { kind, bytes, start, end } = change
  body.writeUInt16BE(values, at)
  const from = kind === 'remove' ? writeTimestamp(body, time, at + 2) : at + 2
  bytes.copy(body, from, start, end)
  const next = from + end - start
  return kind === 'remove' ? next : writeTimestamp(body, time, next)
}

/** The body of an EXECUTE: <id><consistency><flags><n><values> (native protocol v4, section 4.1.6). */
export const executeBody = (row: Prepared, consistency: number): Buffer => {
  const body = Buffer.allocUnsafe(sizeOf(row) + 3)
  const at = writeId(body, row, 0)
  body.writeUInt16BE(consistency, at)
  body[at + 2] = withValues
  writeValues(body, row, at + 3)
  return body
}

/** The body of an unlogged BATCH: <type><n>, <kind><id><n><values> for each row, <consistency><flags> (section 4.1.7). */
export const batchBody = (rows: readonly Prepared[], consistency: number): Buffer => {
  let size = 6
  for (const row of rows) size += 1 + sizeOf(row)
  const body = Buffer.allocUnsafe(size)
  body[0] = unlogged
  body.writeUInt16BE(rows.length, 1)
  let at = 3
  for (const row of rows) {
    body[at] = isPrepared
    at = writeValues(body, row, writeId(body, row, at + 1))
  }
  body.writeUInt16BE(consistency, at)
  body[at + 2] = 0
  return body
}
