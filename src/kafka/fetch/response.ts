import { BytesReader } from './bytes-reader.ts'
import { type AbortedTransaction, type FetchedPartition } from './fetched.ts'

/** A fetch response. The client looks for `clientSideThrottleTime` by this name (KIP-219). */
export interface FetchResponse {
  readonly clientSideThrottleTime: number
  /** The error code of the whole response. */
  readonly errorCode: number
  readonly fetched: readonly FetchedPartition[]
}

const readArray = <T>(reader: BytesReader, read: () => T): T[] =>
  Array.from({ length: Math.max(0, reader.int32()) }, read)

const readPartition = (reader: BytesReader, version: number): FetchedPartition => {
  const partition = reader.int32()
  const errorCode = reader.int16()
  const highWatermark = reader.int64()
  const lastStableOffset = reader.int64()
  if (version >= 5) reader.int64() // log start offset
  const abortedTransactions = readArray(reader, (): AbortedTransaction => ({
    producerId: reader.bigInt64(),
    firstOffset: reader.int64(),
  }))
  if (version >= 11) reader.int32() // preferred read replica; none, because we send no rack
  const records = reader.sized(reader.int32(), 'a record set') ?? Buffer.alloc(0)
  return { partition, errorCode, highWatermark, lastStableOffset, abortedTransactions, records }
}

/** Copies the bytes, so that one partition does not keep the bytes of all in memory. */
const onItsOwn = (fetched: FetchedPartition): FetchedPartition => ({
  ...fetched,
  records: Buffer.from(fetched.records),
})

/**
 * Reads a response of version 4 to 11 for one topic, without decoding the record sets.
 *
 * @throws Malformed if it is not such a response
 */
export const decodeResponse = (payload: Buffer, version: number): FetchResponse => {
  const reader = new BytesReader(payload)
  const clientSideThrottleTime = reader.int32()
  const errorCode = version >= 7 ? reader.int16() : 0
  if (version >= 7) reader.int32() // session id, which we do not use
  const fetched = readArray(reader, () => {
    reader.sized(reader.int16(), 'a topic')
    return readArray(reader, () => readPartition(reader, version))
  }).flat()
  const isShared = fetched.filter(({ records }) => records.length > 0).length > 1
  return { clientSideThrottleTime, errorCode, fetched: isShared ? fetched.map(onItsOwn) : fetched }
}
