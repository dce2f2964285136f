import { type Span } from '../../kafka/spans.ts'
import { type Letter } from './letter.ts'

/** Selects dead letters; what is left out selects all. */
export interface LetterFilter {
  /** Any of these. */
  readonly reasons: readonly string[]
  /** Milliseconds; about the time at which the message became a dead letter. `until` itself is not included. */
  readonly since: number
  readonly until: number
  readonly partition: number | undefined
  /** Offsets of the dead-letter topic, `to` not included. */
  readonly from: number
  readonly to: number
}

/** Whether a letter within the spans is selected. */
export const matches = ({ reasons, since, until }: LetterFilter, { reason, message: { timestamp } }: Letter): boolean =>
  (reasons.length === 0 || reasons.includes(reason)) && timestamp >= since && timestamp < until

/** Whether the filter selects every letter there is. */
export const selectsAll = ({ reasons, since, until, partition, from, to }: LetterFilter): boolean =>
  reasons.length === 0 &&
  since === -Infinity &&
  until === Infinity &&
  partition === undefined &&
  from === 0 &&
  to === Infinity

/** What this filter has to read of what the topic holds. */
export const selectedSpans = ({ partition, from, to }: LetterFilter, spans: readonly Span[]): Span[] =>
  spans
    .filter(span => partition === undefined || span.partition === partition)
    .map(span => ({ ...span, from: Math.max(span.from, from), to: Math.min(span.to, to) }))
    .filter(span => span.from < span.to)
