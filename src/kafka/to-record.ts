import { type WriteTimes } from '../ledger/write-times.ts'
import { type Headers, type KafkaRecord, noHeaders } from '../model/record.ts'
import { type FetchedMessage } from './fetch/fetched.ts'
import { replayTimestamp } from './headers.ts'
import { type Lane } from './lane.ts'

// The memory of a record besides key, value and headers.
const recordOverhead = 512

/** A record of a lane. Its headers stay encoded until they are asked for, as in the message. */
class LaneRecord implements KafkaRecord {
  readonly partition: number
  readonly offset: number
  readonly assignment: number
  readonly sequence: number
  readonly timestamp: number
  readonly writeTimestamp: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly bytes: number
  // Only if there are headers: thousands of records are in flight, and each message would take memory too.
  readonly #message: FetchedMessage | undefined

  constructor(message: FetchedMessage, hasHeaders: boolean, lane: Lane, assignment: number, writeTimestamp: number) {
    this.partition = lane.partition
    this.offset = message.offset
    this.assignment = assignment
    this.sequence = lane.sequence++
    this.timestamp = message.timestamp
    this.writeTimestamp = writeTimestamp
    this.key = message.key
    this.value = message.value
    this.bytes = message.bytes + recordOverhead
    this.#message = hasHeaders ? message : undefined
  }

  get headers(): Headers {
    return this.#message?.headers ?? noHeaders
  }
}

/**
 * The next record of a lane.
 *
 * @param readAt the time of the read, in milliseconds since 1970
 */
export const toRecord = (
  message: FetchedMessage,
  lane: Lane,
  assignment: number,
  readAt: number,
  writeTimes: WriteTimes,
): KafkaRecord => {
  const { headers } = message
  const replayed = headers === noHeaders ? undefined : replayTimestamp(headers, readAt * 1000)
  const writeTimestamp = replayed ?? writeTimes.next(lane.partition, readAt)
  return new LaneRecord(message, headers !== noHeaders, lane, assignment, writeTimestamp)
}
