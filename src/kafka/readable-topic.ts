import { type Kafka } from 'kafkajs'
import { type SchedulerLike } from 'rxjs'
import { scan, type Visit } from './scan.ts'
import { type Span, spansOf } from './spans.ts'

/** A topic that can be scanned. */
export interface ReadableTopic {
  readonly name: string
  /** See spansOf(). */
  spans(): Promise<Span[]>
  /** See scan(). */
  read(spans: readonly Span[], visit: Visit, signal: AbortSignal): Promise<void>
}

export const readableTopic = (kafka: Kafka, name: string, clock: SchedulerLike): ReadableTopic => ({
  name,
  spans: () => spansOf(kafka, name),
  read: (spans, visit, signal) => scan(kafka, { topic: name, spans }, visit, signal, clock),
})
