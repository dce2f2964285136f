import { crc32 } from 'node:zlib'
import { noHeaders } from '../../model/record.ts'
import { BytesReader, Malformed } from './bytes-reader.ts'
import { decompress } from './decompress.ts'
import { type FetchedMessage } from './fetched.ts'
import { magicOf, wholeSize } from './framing.ts'

// The checksum covers everything after it.
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
  if (!fields.isAtEnd) throw new Malformed('a message does not have the declared length')
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
 * Reads one message of a format before Kafka 0.11 (magic 0 and 1), or all messages that are compressed in it. Inner offsets of
 * magic 1 start at 0, and the outer message has the last offset.
 *
 * @throws Malformed
 */
export const readMessages = async (entry: Buffer): Promise<FetchedMessage[]> => {
  const outer = readMessage(entry)
  if (outer.compression === 0) return [outer]
  if (outer.value === null) throw new Malformed('a compressed message has no value')
  const inner = [...entriesOf(await decompress(outer.compression, outer.value))].map(readMessage)
  const lastOffset = inner.at(-1)?.offset
  if (lastOffset === undefined) throw new Malformed('a compressed message is empty')
  const base = outer.magic === 0 ? 0 : outer.offset - lastOffset
  if (base + lastOffset !== outer.offset) throw new Malformed('a compressed message is incomplete')
  return inner.map(message => ({ ...message, offset: base + message.offset }))
}
