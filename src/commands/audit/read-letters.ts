import { encodePlace, placeBucket, type PlaceNote } from '../../audit/letters.ts'
import { type Totals } from '../../audit/result.ts'
import { type Spill } from '../../audit/spill.ts'
import { type FetchedMessage } from '../../kafka/fetch/fetched.ts'
import { deadLetterHeaders, lastHeader } from '../../kafka/headers.ts'
import { stored } from '../../kafka/scan.ts'
import { type Span } from '../../kafka/spans.ts'
import { pieceHeaders, undecodable } from '../../kafka/step-over.ts'
import { isTime } from '../../model/time.ts'
import { type Reason } from '../../stream/invalid-event.ts'
import { readLetter } from '../dead-letters/letter.ts'
import { replayedFrom } from '../dead-letters/replayed.ts'
import { RefusedRows } from './refused-rows.ts'

const refusedByTable: Reason = 'refused-by-table'

/** Takes dead letters, and notes the offsets of their originals and which rows were refused. */
export class Letters {
  readonly refused = new RefusedRows()
  /** Milliseconds: the dead-letter topic still has all dead letters since this time. */
  keptSince = -Infinity
  readonly #stream: string
  readonly #topic: string
  readonly #spans: ReadonlyMap<number, Span>
  readonly #places: Spill
  readonly #totals: Totals

  /** @param spans the audited range of the source topic */
  constructor(stream: string, topic: string, spans: readonly Span[], places: Spill, totals: Totals) {
    this.#stream = stream
    this.#topic = topic
    this.#spans = new Map(spans.map(span => [span.partition, span]))
    this.#places = places
    this.#totals = totals
  }

  /** Reports a partition from which retention has removed dead letters, with the first one that it still has. */
  begins(first: FetchedMessage | undefined): void {
    const time = first !== undefined && isTime(first.timestamp) ? first.timestamp : Infinity
    this.keptSince = Math.max(this.keptSince, time)
  }

  take(partition: number, message: FetchedMessage): void {
    const letter = readLetter(stored(partition, message))
    const { headers } = message
    if (lastHeader(headers, deadLetterHeaders.stream) !== this.#stream || letter.source.topic !== this.#topic) {
      this.#totals.othersLetters += 1
      return
    }
    // A record batch that was skipped has one dead letter for each piece.
    if (letter.reason === undecodable && lastHeader(headers, pieceHeaders.piece) !== '1') return
    const isRefused = letter.reason === refusedByTable
    this.#note(Number(letter.source.partition), Number(letter.source.offset), isRefused)
    // An event that an audit published again names its original offset.
    const [topic, before, offset] = (lastHeader(headers, replayedFrom) ?? '').split(/:(?=\d+:\d+$)|:(?=\d+$)/)
    if (topic === this.#topic && before !== undefined) this.#note(Number(before), Number(offset), isRefused)
  }

  #note(partition: number, offset: number, isRefused: boolean): void {
    const span = this.#spans.get(partition)
    if (span === undefined || !(offset >= span.from && offset < span.to)) return
    if (isRefused && !this.refused.add(partition, offset)) {
      this.#totals.obstacles.push('there are more dead letters of refused rows than an audit can keep in memory')
    }
    this.#totals.lettersFound += 1
    const what: PlaceNote['what'] = isRefused ? 'allowed' : 'letter'
    this.#places.append(placeBucket({ partition, offset }), encodePlace({ partition, offset, what, time: 0 }))
  }
}
