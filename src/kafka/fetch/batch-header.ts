/** The head of a record batch (magic 2), as far as it is used; names as in Kafka's protocol guide, "Record Batch". */
export interface BatchHeader {
  readonly baseOffset: number
  readonly lastOffset: number
  readonly crc: number
  /** 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd. */
  readonly compression: number
  readonly isTransactional: boolean
  readonly isControl: boolean
  /** Milliseconds: of the batch, where the topic sets the time of appending; else to be added to that of each record. */
  readonly appendTime: number | undefined
  readonly baseTimestamp: number
  readonly producerId: bigint
  readonly count: number
}

/** Where the bytes under the checksum begin, and where the records do. */
export const crcFrom = 21
export const recordsFrom = 61

/** @param batch at least `recordsFrom` bytes */
export const batchHeader = (batch: Buffer): BatchHeader => {
  const baseOffset = Number(batch.readBigInt64BE(0))
  const attributes = batch.readInt16BE(21)
  return {
    baseOffset,
    lastOffset: baseOffset + batch.readInt32BE(23),
    crc: batch.readUInt32BE(17),
    compression: attributes & 7,
    isTransactional: (attributes & 0x10) !== 0,
    isControl: (attributes & 0x20) !== 0,
    appendTime: (attributes & 8) === 0 ? undefined : Number(batch.readBigInt64BE(35)),
    baseTimestamp: Number(batch.readBigInt64BE(27)),
    producerId: batch.readBigInt64BE(43),
    count: batch.readInt32BE(57),
  }
}
