import { type Headers } from '../../model/record.ts'

/** An aborted transaction of a fetched partition: its records are never delivered. */
export interface AbortedTransaction {
  readonly producerId: bigint
  readonly firstOffset: number
}

/** What one fetch response holds for one partition; the names are the protocol's. */
export interface FetchedPartition {
  readonly partition: number
  /** 0, or the error of this partition alone. */
  readonly errorCode: number
  readonly highWatermark: number
  readonly lastStableOffset: number
  readonly abortedTransactions: readonly AbortedTransaction[]
  /** The record set as the broker sent it: nothing is decompressed. The last record batch may be cut. */
  readonly records: Buffer
}

/** One message of a record batch. */
export interface FetchedMessage {
  readonly offset: number
  /** Milliseconds: when it was created or appended, as the topic is set; -1 where there is none. */
  readonly timestamp: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: Headers
  /** Length of key, value and headers. */
  readonly bytes: number
}

/** The messages of one record batch. */
export interface DecodedBatch {
  readonly kind: 'records'
  /** Empty where all of it is control records, aborted, compacted away or before the fetch offset. */
  readonly messages: readonly FetchedMessage[]
  /** Where the partition goes on behind this record batch. */
  readonly nextOffset: number
}

/** A record batch that cannot be decoded. */
export interface UndecodableBatch {
  readonly kind: 'undecodable'
  /** The first offset not delivered yet, and the last that the record batch takes. */
  readonly offset: number
  readonly lastOffset: number
  /** For people; holds nothing of the content. */
  readonly why: string
  /** The record batch as the broker sent it. */
  readonly raw: Buffer
}

export type Taken = DecodedBatch | UndecodableBatch
