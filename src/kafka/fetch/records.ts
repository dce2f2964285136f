import { type Headers } from '../../model/record.ts'
import { type BatchHeader } from './batch-header.ts'
import { BytesReader, Malformed } from './bytes-reader.ts'
import { type FetchedMessage } from './fetched.ts'

const noHeaders: Headers = Object.freeze({})

type HeaderValue = Buffer | (Buffer | null)[] | null

/** The values of a repeated name are an array, as in the Kafka client. */
const readHeaders = (reader: BytesReader, count: number): { headers: Headers; bytes: number } => {
  // Without a prototype, because a header may be named `__proto__`.
  const headers = Object.create(null) as Record<string, HeaderValue | undefined>
  let bytes = 0
  for (let i = 0; i < count; i++) {
    const name = reader.bytes('a header name')
    if (name === null) throw new Malformed('a header has no name')
    const value = reader.bytes('a header')
    const key = name.toString()
    const before = headers[key]
    headers[key] = before === undefined ? value : Array.isArray(before) ? [...before, value] : [before, value]
    bytes += name.length + (value?.length ?? 0)
  }
  return { headers: headers as Headers, bytes }
}

const readRecord = (reader: BytesReader, { baseOffset, baseTimestamp, appendTime }: BatchHeader): FetchedMessage => {
  const length = reader.varint()
  const end = reader.at + length
  reader.skipByte()
  const timestampDelta = reader.varlong()
  const offset = baseOffset + reader.varint()
  const key = reader.bytes('a key')
  const value = reader.bytes('a value')
  const headerCount = reader.count('headers')
  const { headers, bytes } = headerCount === 0 ? { headers: noHeaders, bytes: 0 } : readHeaders(reader, headerCount)
  if (reader.at !== end) throw new Malformed(`a record does not have the declared length of ${length} bytes`)
  return {
    offset,
    timestamp: appendTime ?? baseTimestamp + timestampDelta,
    key,
    value,
    headers,
    bytes: (key?.length ?? 0) + (value?.length ?? 0) + bytes,
  }
}

/**
 * Reads the records of a batch.
 *
 * @param content decompressed; keys, values and headers are views on it
 * @throws Malformed if it does not have the declared number of complete records with rising offsets
 */
export const readRecords = (content: Buffer, header: BatchHeader): FetchedMessage[] => {
  if (header.count < 0) throw new Malformed(`records: a count of ${header.count}`)
  const reader = new BytesReader(content)
  const messages: FetchedMessage[] = []
  let last = header.baseOffset - 1
  for (let i = 0; i < header.count; i++) {
    const message = readRecord(reader, header)
    if (message.offset <= last || message.offset > header.lastOffset) throw new Malformed('offsets do not rise')
    last = message.offset
    messages.push(message)
  }
  if (!reader.isAtEnd) throw new Malformed(`there are bytes after the ${header.count} records`)
  return messages
}
