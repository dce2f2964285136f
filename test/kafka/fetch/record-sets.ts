import { crc32c } from '@node-rs/crc32'
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectFolder } from '../../../rig/servers/folders.ts'
import { type AbortedTransaction, type FetchedMessage, type Taken } from '../../../src/kafka/fetch/fetched.ts'
import { RecordBatches } from '../../../src/kafka/fetch/record-batches.ts'

const load = createRequire(import.meta.url)

/** A record in the format of the client's encoder. */
export interface Plain {
  readonly offsetDelta: number
  readonly timestampDelta: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: Readonly<Record<string, string | string[]>>
}

const { RecordBatch } = load('kafkajs/src/protocol/recordBatch/v0') as {
  RecordBatch: (batch: object) => Promise<{ buffer: Buffer }>
}
const encodeRecord = load('kafkajs/src/protocol/recordBatch/record/v0') as (record: Plain) => unknown
const Decoder = load('kafkajs/src/protocol/decoder') as new (bytes: Buffer) => object
const decodeMessages = load('kafkajs/src/protocol/requests/fetch/v4/decodeMessages') as (decoder: object) => Promise<
  {
    offset: string
    timestamp?: string
    key: Buffer | null
    value: Buffer | null
    headers?: object
  }[]
>

/** A record batch from the client's producer. */
export const recordBatch = async (
  records: readonly Plain[],
  { firstOffset = 0, compression = 0, firstTimestamp = 1_700_000_000_000 } = {},
): Promise<Buffer> => {
  const lastOffsetDelta = records.at(-1)?.offsetDelta ?? 0
  const batch = { compression, firstOffset, firstTimestamp, maxTimestamp: firstTimestamp, lastOffsetDelta }
  return (await RecordBatch({ ...batch, records: records.map(encodeRecord) })).buffer
}

/** A record batch with these bytes as its records, and a correct checksum. */
export const batchOf = (
  content: Buffer,
  { compression = 0, firstOffset = 0, count = 1, lastOffsetDelta = -1 } = {},
): Buffer => {
  const batch = Buffer.alloc(61 + content.length)
  batch.writeBigInt64BE(BigInt(firstOffset), 0)
  batch.writeInt32BE(batch.length - 12, 8)
  batch.writeInt8(2, 16)
  batch.writeInt16BE(compression, 21)
  batch.writeInt32BE(lastOffsetDelta < 0 ? count - 1 : lastOffsetDelta, 23)
  batch.writeBigInt64BE(-1n, 43)
  batch.writeInt32BE(count, 57)
  content.copy(batch, 61)
  batch.writeUInt32BE(crc32c(batch.subarray(21)), 17)
  return batch
}

export const batches = (
  records: Buffer,
  fetchOffset = 0,
  abortedTransactions: readonly AbortedTransaction[] = [],
): RecordBatches => {
  const highWatermark = 1_000_000
  const partition = { partition: 0, errorCode: 0, highWatermark, lastStableOffset: highWatermark }
  return new RecordBatches({ ...partition, abortedTransactions, records }, fetchOffset)
}

/** Takes all batches, up to one that cannot be decoded. */
export const takeAll = async (from: RecordBatches): Promise<Taken[]> => {
  const taken: Taken[] = []
  for (let next = await from.take(); next !== undefined; next = await from.take()) {
    taken.push(next)
    if (next.kind === 'undecodable') break
  }
  return taken
}

export const messagesOf = (taken: readonly Taken[]): FetchedMessage[] =>
  taken.flatMap(one => (one.kind === 'records' ? one.messages : []))

const comparableHeaders = (headers: object): object =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name !== '__proto__'))

type Read = Pick<FetchedMessage, 'offset' | 'timestamp' | 'key' | 'value'> & { readonly headers: object }

/** The result of the client's decoder. */
export const readByClient = async (records: Buffer): Promise<Read[]> => {
  const size = Buffer.alloc(4)
  size.writeInt32BE(records.length)
  const messages = await decodeMessages(new Decoder(Buffer.concat([size, records])))
  return messages.map(({ offset, timestamp = '-1', key, value, headers = {} }) => {
    return { offset: Number(offset), timestamp: Number(timestamp), key, value, headers: comparableHeaders(headers) }
  })
}

/** The result of our decoder, in the same format. */
export const comparable = (messages: readonly FetchedMessage[]): Read[] =>
  messages.map(({ offset, timestamp, key, value, headers }) => {
    return { offset, timestamp, key, value, headers: comparableHeaders(headers) }
  })

export const fixture = (name: string): Buffer => readFileSync(join(projectFolder, 'test', 'kafka', 'fixtures', name))
