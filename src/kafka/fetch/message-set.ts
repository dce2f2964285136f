import { crc32 } from 'node:zlib'
import { BytesReader, Malformed } from './bytes-reader.ts'
import { decompress } from './decompress.ts'
import { type FetchedMessage } from './fetched.ts'
import { magicOf, wholeSize } from './framing.ts'

const noHeaders = Object.freeze({})

// The checksum is of everything behind it.
const crcAt = 12
const checkedFrom = 16

interface Message extends FetchedMessage {
  readonly compression: number
  readonly magic: number
}

const readMessage = (entry: Buffer): Message => {
  if (crc32(entry.subarray(checkedFrom)) !== entry.readUInt32BE(crcAt)) throw new Malformed('the checksum is wrong')
  const magic = magicOf(entry)
  const attributes = entry.readInt8(checkedFrom + 1)
  const fields = new BytesReader(entry.subarray(checkedFrom + 2))
  const timestamp = magic === 0 ? -1 : fields.int64()
  const key = fields.sized(fields.int32(), 'a key')
  const value = fields.sized(fields.int32(), 'a value')
  if (!fields.isAtEnd) throw new Malformed('a message has another length than it says')
  const bytes = (key?.length ?? 0) + (value?.length ?? 0)
  const offset = Number(entry.readBigInt64BE(0))
  return { offset, timestamp, key, value, headers: noHeaders, bytes, compression: attributes & 7, magic }
}

const entriesOf = function* (set: Buffer): Generator<Buffer> {
  for (let rest = set; rest.length > 0;) {
    const size = wholeSize(rest)
    if (size === undefined) throw new Malformed('a message is cut off')
    yield rest.subarray(0, size)
    rest = rest.subarray(size)
  }
}

/**
 * One message of the formats before Kafka 0.11 (magic 0 and 1), or all that are compressed in it. In the latter the
 * offsets count from the first (magic 1), and the message has the offset of the last.
 *
 * @throws Malformed
 */
export const readMessages = async (entry: Buffer): Promise<FetchedMessage[]> => {
  const outer = readMessage(entry)
  if (outer.compression === 0) return [outer]
  if (outer.value === null) throw new Malformed('a compressed message has no value')
  const inner = [...entriesOf(await decompress(outer.compression, outer.value))].map(readMessage)
  const lastOffset = inner.at(-1)?.offset
  if (lastOffset === undefined) throw new Malformed('a compressed message has nothing in it')
  const base = outer.magic === 0 ? 0 : outer.offset - lastOffset
  if (base + lastOffset !== outer.offset) throw new Malformed('a compressed message is not whole')
  return inner.map(message => ({ ...message, offset: base + message.offset }))
}
