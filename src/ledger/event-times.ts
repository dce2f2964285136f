import { type KafkaRecord } from '../model/record.ts'
import { isTime } from '../model/time.ts'

const microseconds = 1000
// This number of places is chosen by the offset. The rest are for versions after the offset has wrapped around.
const byOffset = 500
const remembered = 10_000

/**
 * Write timestamps in microseconds from the events' own times. The record's timestamp is the upper limit, so that a date in
 * the far future cannot block later updates; without one, the time of the read is. Of two versions in the same millisecond
 * the later one in the partition wins. There is room for at least 500 of them. Beyond that, or after a restart between two
 * versions whose offsets differ by a multiple of 500, the older one may win.
 */
export class EventTimes {
  /** The last place used, by partition and millisecond, oldest first. */
  readonly #places = new Map<string, number>()

  next({ partition, offset, timestamp, writeTimestamp }: KafkaRecord, eventTime: number): number {
    const cap = isTime(timestamp) ? timestamp : Math.floor(writeTimestamp / microseconds)
    const time = Math.min(eventTime, cap)
    const key = `${partition}:${time}`
    const last = this.#places.get(key) ?? -1
    const place = Math.min(microseconds - 1, Math.max(offset % byOffset, last + 1))
    this.#places.delete(key)
    this.#places.set(key, place)
    const oldest = this.#places.keys().next()
    if (this.#places.size > remembered && oldest.done !== true) this.#places.delete(oldest.value)
    return time * microseconds + place
  }
}
