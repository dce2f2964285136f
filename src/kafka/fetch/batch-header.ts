/** The fields of a record batch header (magic 2) that are used; names as in Kafka's protocol guide, "Record Batch". */
export interface BatchHeader {
  readonly baseOffset: number
  readonly lastOffset: number
  readonly crc: number
  /** 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd. */
  readonly compression: number
  readonly isTransactional: boolean
  readonly isControl: boolean
  /** The append time of the batch in milliseconds, if the topic uses it. */
  readonly appendTime: number | undefined
  readonly baseTimestamp: number
  readonly producerId: bigint
  readonly count: number
}

/** The positions where the checksummed bytes and the records start. */
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
