import { type Digester, keyHash } from '../../audit/cells.ts'
import { bucketOf, encodeVersion } from '../../audit/entries.ts'
import { encodePlace, placeBucket } from '../../audit/letters.ts'
import { type Totals } from '../../audit/result.ts'
import { type Spill } from '../../audit/spill.ts'
import { type FetchedMessage, type Taken } from '../../kafka/fetch/fetched.ts'
import { replayTimestamp } from '../../kafka/headers.ts'
import { type Span } from '../../kafka/spans.ts'
import { type PackedChange, type PackedStream } from '../../model/change.ts'
import { isTime } from '../../model/time.ts'
import { InvalidEvent } from '../../stream/invalid-event.ts'
import { type RefusedRows } from './refused-rows.ts'

export interface EventsOf {
  readonly stream: PackedStream
  readonly digester: Digester
  readonly rows: Spill
  readonly places: Spill
  readonly refused: RefusedRows
  readonly totals: Totals
  readonly byEvent: boolean
  /** Microseconds: the worker read all audited events before this time. */
  readonly endedAt: number
  /** Whether to keep the keys, because rows are read by key. */
  readonly keepsKeys: boolean
}

const noKey = Buffer.alloc(0)

/** Takes record batches of the source topic, and notes the changes of their events, computed with the stream's own rules. */
export class Events {
  /** Microseconds: the timestamp of the earliest audited event. */
  begunAt = Infinity
  readonly #of: EventsOf

  constructor(of: EventsOf) {
    this.#of = of
  }

  /**
   * Returns a visitor for the record batches of a span.
   *
   * @param isLater whether the span is after the end of the audited range, so that its events may or may not be written yet
   */
  visit({ partition, from, to }: Span, isLater: boolean): (taken: Taken) => void {
    let next = from
    return taken => {
      const { totals } = this.#of
      if (taken.kind === 'undecodable') {
        next = taken.lastOffset + 1
        if (isLater || taken.offset >= to) return
        totals.undecodable += 1
        this.#wants(partition, taken.offset, 0)
        return
      }
      const { messages, nextOffset } = taken
      // A batch without messages has control records or aborted ones.
      if (messages.length > 0 && !isLater) totals.compacted += nextOffset - next - messages.length
      next = nextOffset
      for (const message of messages) if (message.offset < to) this.#take(partition, message, isLater)
    }
  }

  #take(partition: number, message: FetchedMessage, isLater: boolean): void {
    const { totals, stream } = this.#of
    if (isLater) totals.later += 1
    else {
      totals.events += 1
      if (isTime(message.timestamp)) this.begunAt = Math.min(this.begunAt, message.timestamp * 1000)
    }
    let change: PackedChange
    try {
      change = stream.flatten(stream.read(message.value))
    } catch (error) {
      if (!(error instanceof InvalidEvent)) throw error
      if (isLater) return
      totals.rejected += 1
      this.#wants(partition, message.offset, Math.max(0, message.timestamp))
      return
    }
    this.#note(partition, message, change, isLater)
  }

  #note(partition: number, message: FetchedMessage, change: PackedChange, isLater: boolean): void {
    const { totals, refused, digester, rows, keepsKeys } = this.#of
    const isRefused = refused.has(partition, message.offset)
    const time = this.#timeOf(message, change)
    if (!isLater) {
      totals.accepted += 1
      if (isRefused) totals.refused += 1
      if (time.isReplayed) totals.replayed += 1
    }
    const { key, cells } = digester.ofChange(change)
    const hash = keyHash(key)
    rows.append(
      bucketOf(hash),
      encodeVersion({
        ...{ partition, offset: message.offset, ...time, isOptional: isLater || isRefused },
        ...{ cells, hash, key: keepsKeys ? key : noKey },
      }),
    )
  }

  #timeOf({ timestamp, headers }: FetchedMessage, { eventTime }: PackedChange): { time: number; isReplayed: boolean } {
    const { byEvent, endedAt } = this.#of
    const own = isTime(timestamp) ? timestamp * 1000 : endedAt
    if (byEvent) return { time: Math.min(eventTime * 1000, own), isReplayed: false }
    const replayed = replayTimestamp(headers, endedAt)
    if (replayed !== undefined) return { time: replayed, isReplayed: true }
    // A timestamp in the future says nothing about when the record was produced.
    return { time: own < endedAt ? own : 0, isReplayed: false }
  }

  #wants(partition: number, offset: number, time: number): void {
    this.#of.places.append(placeBucket({ partition, offset }), encodePlace({ partition, offset, what: 'wanted', time }))
  }
}
