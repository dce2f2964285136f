import { type Headers } from '../../model/record.ts'

/** An aborted transaction of a partition. Its records are never delivered. */
export interface AbortedTransaction {
  readonly producerId: bigint
  readonly firstOffset: number
}

/** The part of a fetch response for one partition; names as in the protocol. */
export interface FetchedPartition {
  readonly partition: number
  /** 0, or the error code of this partition. */
  readonly errorCode: number
  readonly highWatermark: number
  readonly lastStableOffset: number
  readonly abortedTransactions: readonly AbortedTransaction[]
  /** The record set as the broker sent it. The last record batch may be cut off. */
  readonly records: Buffer
}

/** One message of a record batch. */
export interface FetchedMessage {
  readonly offset: number
  /** Milliseconds: the time of creation or of appending, depending on the topic; -1 if there is none. */
  readonly timestamp: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  /** Decoded anew at each access. */
  readonly headers: Headers
  /** Length of key, value and headers. */
  readonly bytes: number
}

/** The messages of one record batch. */
export interface DecodedBatch {
  readonly kind: 'records'
  /** Empty if all records are control records, aborted, compacted away or before the fetch offset. */
  readonly messages: readonly FetchedMessage[]
  /** The offset after this record batch. */
  readonly nextOffset: number
}

/** A record batch that cannot be decoded. */
export interface UndecodableBatch {
  readonly kind: 'undecodable'
  /** The first undelivered offset, and the last offset of the record batch. */
  readonly offset: number
  readonly lastOffset: number
  /** For people; contains nothing of the content. */
  readonly why: string
  /** The record batch as the broker sent it. */
  readonly raw: Buffer
}

export type Taken = DecodedBatch | UndecodableBatch
