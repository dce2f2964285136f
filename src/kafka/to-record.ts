import { type WriteTimes } from '../ledger/write-times.ts'
import { type KafkaRecord } from '../model/record.ts'
import { type FetchedMessage } from './fetch/fetched.ts'
import { replayTimestamp } from './headers.ts'
import { type Lane } from './lane.ts'

// The memory of a record besides key, value and headers.
const recordOverhead = 512

/**
 * The next record of a lane.
 *
 * @param readAt the time of the read, in milliseconds since 1970
 */
export const toRecord = (
  { offset, timestamp, key, value, headers, bytes }: FetchedMessage,
  lane: Lane,
  assignment: number,
  readAt: number,
  writeTimes: WriteTimes,
): KafkaRecord => ({
  partition: lane.partition,
  offset,
  assignment,
  sequence: lane.sequence++,
  timestamp,
  writeTimestamp: replayTimestamp(headers, readAt * 1000) ?? writeTimes.next(lane.partition, readAt),
  key,
  value,
  headers,
  bytes: bytes + recordOverhead,
})
