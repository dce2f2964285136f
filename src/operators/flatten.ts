import { map, type OperatorFunction } from 'rxjs'
import { type PackedChange, type PackedStream } from '../model/change.ts'
import { type Accepted, type KafkaRecord, type Parsed, type Rejected } from '../model/record.ts'
import { rejectedOr } from './rejected.ts'

/** What orders the writes: the moment a record is read, or the event's own time of change. */
export type WriteOrder = 'read' | 'event'

const microseconds = 1000

/**
 * By the event's own time, capped at the record's, so that a date in the far future cannot block later updates. Below
 * the millisecond the offset decides: of two versions changed in the same millisecond the later one in the topic stands,
 * unless a thousand records lie between them.
 */
const byEventTime = (record: KafkaRecord, { eventTime }: PackedChange): number =>
  Math.min(eventTime, record.timestamp) * microseconds + (record.offset % microseconds)

/** What was read of an event to what it does to the table, by the stream's own rules. */
export const flatten = (
  { flatten: toChange }: Pick<PackedStream, 'flatten'>,
  order: WriteOrder,
): OperatorFunction<Parsed | Rejected, Accepted | Rejected> =>
  map(item => {
    if (item.kind === 'rejected') return item
    const { record, event } = item
    return rejectedOr(record, 'flatten', () => {
      const change = toChange(event)
      const writeTimestamp = order === 'read' ? record.writeTimestamp : byEventTime(record, change)
      return { kind: 'accepted', record, change, writeTimestamp }
    })
  })
