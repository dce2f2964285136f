import { type KafkaRecord } from '../model/record.ts'
import { isTime } from '../model/time.ts'

const microseconds = 1000
// The offset decides among so many; the rest is for those that follow where the offset begins anew.
const byOffset = 500
const remembered = 10_000

/**
 * Write timestamps in microseconds by the events' own time, capped at the record's, so that a date in the far future
 * cannot block later updates. A record without a time counts as made when it is read. Of two versions of the same
 * millisecond the later one in the partition stands. There is room for 500 and more of them; beyond it, or when the worker
 * restarts just between two versions whose offsets have a multiple of 500 between them, the older one may stand.
 */
export class EventTimes {
  /** By partition and millisecond the last place within it that was given, the oldest first. */
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
