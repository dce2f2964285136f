import { map, type OperatorFunction } from 'rxjs'
import { EventTimes } from '../ledger/event-times.ts'
import { type PackedStream } from '../model/change.ts'
import { type Accepted, type Parsed, type Rejected } from '../model/record.ts'
import { rejectedOr } from './rejected.ts'

/** The order of the writes: by the time of the read, or by the event's own time. */
export type WriteOrder = 'read' | 'event'

/** Turns an event into a change of the table, with the stream's own function. */
export const flatten = (
  { flatten: toChange }: Pick<PackedStream, 'flatten'>,
  order: WriteOrder,
): OperatorFunction<Parsed | Rejected, Accepted | Rejected> => {
  const eventTimes = new EventTimes()
  return map(item => {
    if (item.kind === 'rejected') return item
    const { record, event } = item
    return rejectedOr(record, 'flatten', () => {
      const change = toChange(event)
      const writeTimestamp = order === 'read' ? record.writeTimestamp : eventTimes.next(record, change)
      return { kind: 'accepted', record, change, writeTimestamp }
    })
  })
}
