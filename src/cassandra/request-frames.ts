import { type PackedChange } from '../model/change.ts'

/** A change with the id of its prepared statement, and the number of values of that. */
export interface Prepared {
  readonly id: Buffer
  readonly values: number
  readonly change: PackedChange
  /** Microseconds. */
  readonly writeTimestamp: number
}

/** Opcodes of request frames (native protocol v4, section 2.4). */
const opcodes = { execute: 0x0a, batch: 0x0d } as const

export const headerBytes = 9
const unlogged = 1
const isPrepared = 1
const withValues = 1
const timestampBytes = 12

const sizeOf = ({ id, change: { start, end } }: Prepared): number => 4 + id.length + end - start + timestampBytes

const writeId = (frame: Buffer, { id }: Prepared, at: number): number => {
  frame.writeUInt16BE(id.length, at)
  id.copy(frame, at + 2)
  return at + 2 + id.length
}

const writeTimestamp = (frame: Buffer, microseconds: number, at: number): number => {
  const high = Math.floor(microseconds / 2 ** 32)
  frame.writeInt32BE(8, at)
  frame.writeInt32BE(high, at + 4)
  frame.writeUInt32BE(microseconds - high * 2 ** 32, at + 8)
  return at + timestampBytes
}

/** Writes the number of values and the values. The write timestamp is the last value of an INSERT and the first of a DELETE. */
const writeValues = (frame: Buffer, { values, change, writeTimestamp: time }: Prepared, at: number): number => {
  const { kind, bytes, start, end } = change
  frame.writeUInt16BE(values, at)
  const from = kind === 'remove' ? writeTimestamp(frame, time, at + 2) : at + 2
  bytes.copy(frame, from, start, end)
  const next = from + end - start
  return kind === 'remove' ? next : writeTimestamp(frame, time, next)
}

/** What the connection determines of a frame. */
export interface Connection {
  readonly protocolVersion: number
  readonly streamId: number
}

/** A frame with its header: <version><flags><stream><opcode><length> (section 2). */
const frameOf = (opcode: number, bodyBytes: number, { protocolVersion, streamId }: Connection): Buffer => {
  const frame = Buffer.allocUnsafe(headerBytes + bodyBytes)
  frame[0] = protocolVersion
  frame[1] = 0
  frame.writeInt16BE(streamId, 2)
  frame[4] = opcode
  frame.writeInt32BE(bodyBytes, 5)
  return frame
}

/** An EXECUTE: <id><consistency><flags><n><values> (native protocol v4, section 4.1.6). */
const executeFrame = (row: Prepared, consistency: number, connection: Connection): Buffer => {
  const frame = frameOf(opcodes.execute, sizeOf(row) + 3, connection)
  const at = writeId(frame, row, headerBytes)
  frame.writeUInt16BE(consistency, at)
  frame[at + 2] = withValues
  writeValues(frame, row, at + 3)
  return frame
}

/** An unlogged BATCH: <type><n>, <kind><id><n><values> for each row, <consistency><flags> (section 4.1.7). */
const batchFrame = (rows: readonly Prepared[], consistency: number, connection: Connection): Buffer => {
  let size = 6
  for (const row of rows) size += 1 + sizeOf(row)
  const frame = frameOf(opcodes.batch, size, connection)
  frame[headerBytes] = unlogged
  frame.writeUInt16BE(rows.length, headerBytes + 1)
  let at = headerBytes + 3
  for (const row of rows) {
    frame[at] = isPrepared
    at = writeValues(frame, row, writeId(frame, row, at + 1))
  }
  frame.writeUInt16BE(consistency, at)
  frame[at + 2] = 0
  return frame
}

/** The frame that writes these rows: EXECUTE for one row, BATCH for several. */
export const writeFrame = (rows: readonly Prepared[], consistency: number, connection: Connection): Buffer => {
  const [row] = rows
  return row !== undefined && rows.length === 1
    ? executeFrame(row, consistency, connection)
    : batchFrame(rows, consistency, connection)
}
