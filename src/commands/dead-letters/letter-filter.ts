import { type Span } from '../../kafka/spans.ts'
import { type Letter } from './letter.ts'

/** Selects dead letters. */
export interface LetterFilter {
  /** Any of these; empty for all. */
  readonly reasons: readonly string[]
  /** Milliseconds; when the dead letter was published. Excludes `until`. */
  readonly since: number
  readonly until: number
  readonly partition: number | undefined
  /** Offsets of the dead-letter topic, excluding `to`. */
  readonly from: number
  readonly to: number
}

/** Whether a letter in the selected spans matches. */
export const matches = ({ reasons, since, until }: LetterFilter, { reason, message: { timestamp } }: Letter): boolean =>
  (reasons.length === 0 || reasons.includes(reason)) && timestamp >= since && timestamp < until

/** Whether the filter selects all letters. */
export const selectsAll = ({ reasons, since, until, partition, from, to }: LetterFilter): boolean =>
  reasons.length === 0 &&
  since === -Infinity &&
  until === Infinity &&
  partition === undefined &&
  from === 0 &&
  to === Infinity

/** The parts of the topic that this filter selects. */
export const selectedSpans = ({ partition, from, to }: LetterFilter, spans: readonly Span[]): Span[] =>
  spans
    .filter(span => partition === undefined || span.partition === partition)
    .map(span => ({ ...span, from: Math.max(span.from, from), to: Math.min(span.to, to) }))
    .filter(span => span.from < span.to)
