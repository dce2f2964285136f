import { type Headers, noHeaders } from '../../model/record.ts'
import { type BatchHeader } from './batch-header.ts'
import { BytesReader, Malformed } from './bytes-reader.ts'
import { type FetchedMessage } from './fetched.ts'

type HeaderValue = Buffer | (Buffer | null)[] | null

/** The values of a repeated name are an array, as in the Kafka client. */
const decodeHeaders = (encoded: Buffer, count: number): Headers => {
  const reader = new BytesReader(encoded)
  // Without a prototype, because a header may be named `__proto__`.
  const headers = Object.create(null) as Record<string, HeaderValue | undefined>
  for (let i = 0; i < count; i++) {
    const name = String(reader.bytes('a header name'))
    const value = reader.bytes('a header')
    const before = headers[name]
    if (before === undefined) headers[name] = value
    // A message may have a header hundreds of thousands of times, so the array is not copied.
    else if (Array.isArray(before)) before.push(value)
    else headers[name] = [before, value]
  }
  return headers as Headers
}

/** Checks the headers without decoding them. Returns the bytes of their names and values. */
const skipHeaders = (reader: BytesReader, count: number): number => {
  let bytes = 0
  for (let i = 0; i < count; i++) {
    const nameLength = reader.skipBytes('a header name')
    if (nameLength < 0) throw new Malformed('a header has no name')
    bytes += nameLength + Math.max(0, reader.skipBytes('a header'))
  }
  return bytes
}

/**
 * Headers are decoded each time they are asked for. As objects they would take up to a hundred times the memory, and few records
 * need them.
 */
class FetchedRecord implements FetchedMessage {
  readonly offset: number
  readonly timestamp: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly bytes: number
  readonly #headers: Buffer | undefined
  readonly #headerCount: number

  constructor(reader: BytesReader, { baseOffset, baseTimestamp, appendTime }: BatchHeader) {
    const length = reader.varint()
    const end = reader.at + length
    reader.skipByte()
    const timestampDelta = reader.varlong()
    this.timestamp = appendTime ?? baseTimestamp + timestampDelta
    this.offset = baseOffset + reader.varint()
    this.key = reader.bytes('a key')
    this.value = reader.bytes('a value')
    this.#headerCount = reader.count('headers')
    const from = reader.at
    const headerBytes = skipHeaders(reader, this.#headerCount)
    if (this.#headerCount > 0) this.#headers = reader.since(from)
    if (reader.at !== end) throw new Malformed(`a record does not have the declared length of ${length} bytes`)
    this.bytes = (this.key?.length ?? 0) + (this.value?.length ?? 0) + headerBytes
  }

  get headers(): Headers {
    return this.#headers === undefined ? noHeaders : decodeHeaders(this.#headers, this.#headerCount)
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
    const message = new FetchedRecord(reader, header)
    if (message.offset <= last || message.offset > header.lastOffset) throw new Malformed('offsets do not rise')
    last = message.offset
    messages.push(message)
  }
  if (!reader.isAtEnd) throw new Malformed(`there are bytes after the ${header.count} records`)
  return messages
}
