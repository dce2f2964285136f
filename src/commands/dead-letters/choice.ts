import { type Span } from '../../kafka/scan.ts'
import { type Letter } from './letter.ts'

/** Which dead letters are meant; what is left out does not narrow. */
export interface Choice {
  /** Any of these. */
  readonly reasons: readonly string[]
  /** Milliseconds; about the time at which the message became a dead letter. `until` itself is not meant. */
  readonly since: number
  readonly until: number
  readonly partition: number | undefined
  /** Offsets of the dead-letter topic, `to` not included. */
  readonly from: number
  readonly to: number
}

/** Whether a letter within the spans is meant. */
export const isChosen = ({ reasons, since, until }: Choice, { reason, message: { timestamp } }: Letter): boolean =>
  (reasons.length === 0 || reasons.includes(reason)) && timestamp >= since && timestamp < until

/** What has to be read for this choice, of what the topic holds. */
export const chosenSpans = ({ partition, from, to }: Choice, spans: readonly Span[]): Span[] =>
  spans
    .filter(span => partition === undefined || span.partition === partition)
    .map(span => ({ ...span, from: Math.max(span.from, from), to: Math.min(span.to, to) }))
    .filter(span => span.from < span.to)
