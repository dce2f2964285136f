import { type PackedChange } from '../model/change.ts'
import { type KafkaRecord } from '../model/record.ts'
import { isTime } from '../model/time.ts'
import { partitionStep } from './write-times.ts'

const microseconds = 1000
const places = microseconds / partitionStep
// This number of places is chosen by the offset. The rest are for versions after the offset has wrapped around.
const byOffset = places / 2
const remembered = 10_000

type RowVersion = Pick<PackedChange, 'partition' | 'row' | 'eventTime'>

/**
 * Write timestamps in microseconds from the events' own times. The record's timestamp is the upper limit, so that a date in
 * the far future cannot block later updates; without one, the time of the read is. Of two versions of a row in the same
 * millisecond the later one in the partition wins. There is room for at least 50 of them. Beyond that, or after a restart
 * between two versions whose offsets differ by a multiple of 50, the older one may win, or the row mixes the two.
 */
export class EventTimes {
  /** The last place used, by partition, millisecond and row, oldest first. */
  readonly #places = new Map<string, number>()

  next({ partition, offset, timestamp, writeTimestamp }: KafkaRecord, change: RowVersion): number {
    const cap = isTime(timestamp) ? timestamp : Math.floor(writeTimestamp / microseconds)
    const time = Math.min(change.eventTime, cap)
    const key = JSON.stringify([partition, time, change.partition, change.row])
    const last = this.#places.get(key) ?? -1
    const place = Math.min(places - 1, Math.max(offset % byOffset, last + 1))
    this.#places.delete(key)
    this.#places.set(key, place)
    const oldest = this.#places.keys().next()
    if (this.#places.size > remembered && oldest.done !== true) this.#places.delete(oldest.value)
    return time * microseconds + place * partitionStep + (partition % partitionStep)
  }
}
