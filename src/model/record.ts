import { type Reason } from '../stream/invalid-event.ts'
import { type PackedChange } from './change.ts'

/** Headers as the Kafka client returns them; several values of one name are an array. */
export type Headers = Readonly<Record<string, Buffer | string | (Buffer | string)[] | undefined>>

export const noHeaders: Headers = Object.freeze({})

/** One message that was read from the topic. */
export interface KafkaRecord {
  readonly partition: number
  readonly offset: number
  /** The number of the assignment that read it. Records of an earlier assignment do not count for a later one. */
  readonly assignment: number
  /** Index among the records read from this partition in this assignment, from 0. */
  readonly sequence: number
  /** The record's timestamp in milliseconds, as the topic has it. */
  readonly timestamp: number
  /** Microseconds; taken when the record is read, rising within its partition (see ledger/write-times.ts). */
  readonly writeTimestamp: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  /** May be decoded anew at each access. */
  readonly headers: Headers
  /** Bytes of key, value and headers, plus a constant for the record itself. */
  readonly bytes: number
}

/** A record whose value is an event of the stream. */
export interface Parsed {
  readonly kind: 'parsed'
  readonly record: KafkaRecord
  /** The fields that the stream reads. Valid as long as the record's bytes are. */
  readonly event: unknown
}

/** A record and its change of the table. */
export interface Accepted {
  readonly kind: 'accepted'
  readonly record: KafkaRecord
  readonly change: PackedChange
  /** Microseconds. The statement contains it, so the order of the writes does not matter. */
  readonly writeTimestamp: number
}

/** The step that rejected a record. */
export type Stage = 'parse' | 'flatten' | 'write'

/** A record on its way to the dead-letter topic. */
export interface Rejected {
  readonly kind: 'rejected'
  readonly record: KafkaRecord
  readonly stage: Stage
  readonly reason: Reason
  /** For people; contains no value of the event. */
  readonly message: string
}

/** How a record was settled. */
export type Outcome = 'written' | 'superseded' | 'dead-lettered'

/** Records that are finished: their offsets may be committed. */
export interface Settled {
  readonly kind: 'settled'
  readonly as: Outcome
  readonly records: readonly KafkaRecord[]
}

/** The next offset of a partition to read, in one assignment. */
export interface Position {
  readonly partition: number
  readonly offset: number
  readonly assignment: number
}
