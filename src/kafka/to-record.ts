import { type WriteTimes } from '../ledger/write-times.ts'
import { type Headers, type KafkaRecord } from '../model/record.ts'
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
  readonly #message: FetchedMessage

  constructor(message: FetchedMessage, lane: Lane, assignment: number, writeTimestamp: number) {
    this.partition = lane.partition
    this.offset = message.offset
    this.assignment = assignment
    this.sequence = lane.sequence++
    this.timestamp = message.timestamp
    this.writeTimestamp = writeTimestamp
    this.key = message.key
    this.value = message.value
    this.bytes = message.bytes + recordOverhead
    this.#message = message
  }

  get headers(): Headers {
    return this.#message.headers
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
  const replayed = replayTimestamp(message.headers, readAt * 1000)
  return new LaneRecord(message, lane, assignment, replayed ?? writeTimes.next(lane.partition, readAt))
}
