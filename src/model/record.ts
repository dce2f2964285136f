import { type Reason } from '../stream/invalid-event.ts'
import { type PackedChange } from './change.ts'

/** Header values as the Kafka client gives them; several values of one name are an array. */
export type Headers = Readonly<Record<string, Buffer | string | (Buffer | string)[] | undefined>>

/** One message of the topic as read. */
export interface KafkaRecord {
  readonly partition: number
  readonly offset: number
  /** Counts the assignments of this process; what an earlier one read is never counted for a later one. */
  readonly assignment: number
  /** Place among the records read from this partition in this assignment, from 0. */
  readonly sequence: number
  /** The record's own time in milliseconds, as the topic has it. */
  readonly timestamp: number
  /** Microseconds; given when the record is read, rising in the order of its partition (see ledger/write-times.ts). */
  readonly writeTimestamp: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: Headers
  /** Bytes of key and value, and a flat sum for what a record costs besides. */
  readonly bytes: number
}

/** A record whose value is an event of the stream. */
export interface Parsed {
  readonly kind: 'parsed'
  readonly record: KafkaRecord
  /** What the stream reads of it; used at once, while the record's bytes are there. */
  readonly event: unknown
}

/** A record and what it does to the table. */
export interface Accepted {
  readonly kind: 'accepted'
  readonly record: KafkaRecord
  readonly change: PackedChange
  /** Microseconds; the statement carries it, so the order in which writes arrive does not matter. */
  readonly writeTimestamp: number
}

/** Where on the way a record was rejected. */
export type Stage = 'parse' | 'flatten' | 'write'

/** A record on its way to the dead-letter topic. */
export interface Rejected {
  readonly kind: 'rejected'
  readonly record: KafkaRecord
  readonly stage: Stage
  readonly reason: Reason
  /** For people; holds no value of the event. */
  readonly message: string
}

/** How a record ended. */
export type Outcome = 'written' | 'superseded' | 'dead-lettered'

/** Records that are done: their offsets may be committed. */
export interface Settled {
  readonly kind: 'settled'
  readonly as: Outcome
  readonly records: readonly KafkaRecord[]
}

/** The offset from which a partition is to be read next, as an assignment knows it. */
export interface Position {
  readonly partition: number
  readonly offset: number
  readonly assignment: number
}
