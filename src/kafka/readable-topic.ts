import { type Kafka } from 'kafkajs'
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

/** @param groupId a consumer group for this run only, because two runs must not share the partitions */
export const readableTopic = (kafka: Kafka, name: string, groupId: string): ReadableTopic => ({
  name,
  spans: () => spansOf(kafka, name),
  read: (spans, visit, signal) => scan(kafka, { topic: name, groupId, spans }, visit, signal),
})
