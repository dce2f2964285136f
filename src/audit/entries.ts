import { type Cells } from './cells.ts'
import { bucketCount, Spill } from './spill.ts'
import { type Found, type Version } from './version.ts'

// The first byte of an entry is its kind.
const [versionEntry, foundEntry] = [1, 2]
const [replayed, optional] = [1, 2]

const hashBytes = 12
const headBytes = 1 + 1 + hashBytes

const writeCells = (bytes: Buffer, at: number, cells: Float64Array): number => {
  let to = at
  for (const cell of cells) to = bytes.writeDoubleBE(cell, to)
  return to
}

const readCells = (bytes: Buffer, at: number, count: number): Cells => {
  const cells = new Float64Array(count)
  for (let cell = 0; cell < count; cell += 1) cells[cell] = bytes.readDoubleBE(at + 8 * cell)
  return cells
}

const head = (bytes: Buffer, kind: number, flags: number, hash: string): void => {
  bytes[0] = kind
  bytes[1] = flags
  bytes.write(hash, 2, 'hex')
}

const hashIn = (bytes: Buffer): string => bytes.toString('hex', 2, headBytes)

/** The bucket of a row. */
export const bucketOf = (hash: string): number => parseInt(hash.slice(0, 2), 16)

export const encodeVersion = (version: Version): Buffer => {
  const { cells, key } = version
  const bytes = Buffer.allocUnsafe(headBytes + 4 + 8 + 8 + 8 * cells.length + key.length)
  head(bytes, versionEntry, (version.isReplayed ? replayed : 0) | (version.isOptional ? optional : 0), version.hash)
  bytes.writeUInt32BE(version.partition, headBytes)
  bytes.writeDoubleBE(version.offset, headBytes + 4)
  bytes.writeDoubleBE(version.time, headBytes + 12)
  key.copy(bytes, writeCells(bytes, headBytes + 20, cells))
  return bytes
}

const decodeVersion = (bytes: Buffer, cells: number): Version => ({
  hash: hashIn(bytes),
  isReplayed: ((bytes[1] ?? 0) & replayed) !== 0,
  isOptional: ((bytes[1] ?? 0) & optional) !== 0,
  partition: bytes.readUInt32BE(headBytes),
  offset: bytes.readDoubleBE(headBytes + 4),
  time: bytes.readDoubleBE(headBytes + 12),
  cells: readCells(bytes, headBytes + 20, cells),
  key: Buffer.from(bytes.subarray(headBytes + 20 + 8 * cells)),
})

export const encodeFound = ({ hash, cells, mended, writtenAt }: Found): Buffer => {
  const bytes = Buffer.allocUnsafe(headBytes + 3 * 8 * cells.length)
  head(bytes, foundEntry, 0, hash)
  writeCells(bytes, writeCells(bytes, writeCells(bytes, headBytes, cells), mended), writtenAt)
  return bytes
}

const decodeFound = (bytes: Buffer, count: number): Found => ({
  hash: hashIn(bytes),
  cells: readCells(bytes, headBytes, count),
  mended: readCells(bytes, headBytes + 8 * count, count),
  writtenAt: readCells(bytes, headBytes + 16 * count, count),
})

/** The versions among a bucket's entries. @param cells the number of cells of each */
export function* versionsIn(entries: Iterable<Buffer>, cells: number): Generator<Version> {
  for (const entry of entries) if (entry[0] === versionEntry) yield decodeVersion(entry, cells)
}

/** The rows of the table among a bucket's entries. */
export function* foundIn(entries: Iterable<Buffer>, cells: number): Generator<Found> {
  for (const entry of entries) if (entry[0] === foundEntry) yield decodeFound(entry, cells)
}

// About ten thousand versions.
const partBytes = 2 * 1024 * 1024
// A byte of the hash; the hash's first byte is already the bucket.
const partByte = 3

/**
 * Splits a bucket's entries into parts that fit into memory. All entries of a row are in the same part. A part can be read more
 * than once, but only before the next one is taken.
 */
export function* partsOf(spill: Spill, bucket: number): Generator<() => Iterable<Buffer>> {
  if (spill.bytesOf(bucket) <= partBytes) {
    yield () => spill.entries(bucket)
    return
  }
  const parts = new Spill(spill.parent)
  try {
    for (const entry of spill.entries(bucket)) parts.append(entry[partByte] ?? 0, entry)
    for (let part = 0; part < bucketCount; part += 1) if (parts.bytesOf(part) > 0) yield () => parts.entries(part)
  } finally {
    parts.close()
  }
}
