import { type Kafka } from 'kafkajs'
import { type SchedulerLike } from 'rxjs'
import { Fault } from '../model/faults.ts'
import { type Headers } from '../model/record.ts'
import { type FetchedMessage, type Taken, type UndecodableBatch } from './fetch/fetched.ts'
import { OutOfRange, readSpan } from './read-span.ts'
import { type Span, spansOf } from './spans.ts'

/** A message in a topic; `timestamp` is in milliseconds. */
export interface StoredMessage {
  readonly partition: number
  readonly offset: number
  readonly timestamp: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: Headers
}

/** Processes a message, and returns whether to continue. */
export type Visit = (message: StoredMessage) => Promise<boolean>

/** A fetched message with its partition. A spread would lose the headers, which are decoded on demand. */
export const stored = (
  partition: number,
  { offset, timestamp, key, value, headers }: FetchedMessage,
): StoredMessage => ({
  partition,
  offset,
  timestamp,
  key,
  value,
  headers,
})

const undecodable = (topic: string, partition: number, { offset, lastOffset, why }: UndecodableBatch): Fault =>
  new Fault(
    'misconfigured',
    `${topic}, partition ${partition}: the record batch at offsets ${offset} to ${lastOffset} cannot be decoded: ${why}; ` +
      `to continue after it, use --partition ${partition} --offset ${lastOffset + 1}-`,
  )

/**
 * Where to continue in a partition that has lost the messages at `position`.
 *
 * @throws Fault if retention does not explain it
 */
const afterRetention = async (kafka: Kafka, topic: string, partition: number, position: number): Promise<number> => {
  const first = (await spansOf(kafka, topic)).find(span => span.partition === partition)?.from ?? -1
  if (first > position) return first
  throw new Fault('transient', `${topic}, partition ${partition} has no offset ${position} any more: it was recreated`)
}

/**
 * Visits every message of the spans, one partition after another and each in order, until all are visited, `visit` returns
 * false, or `signal` is aborted. The current visit is always finished. It joins no group. Messages that retention removes
 * meanwhile are left out.
 *
 * @throws Fault if Kafka fails, or at a record batch that cannot be decoded; any error of `visit`
 */
export const scan = async (
  kafka: Kafka,
  { topic, spans }: { readonly topic: string; readonly spans: readonly Span[] },
  visit: Visit,
  signal: AbortSignal,
  clock: SchedulerLike,
): Promise<void> => {
  const stop = new AbortController()
  const stopped = AbortSignal.any([signal, stop.signal])
  for (const { partition, from, to } of spans) {
    let position = from
    const visitBatch = async (taken: Taken): Promise<void> => {
      if (taken.kind === 'undecodable') throw undecodable(topic, partition, taken)
      for (const message of taken.messages) {
        if (message.offset >= to || stopped.aborted) return
        if (!(await visit(stored(partition, message)))) stop.abort()
      }
      position = taken.nextOffset
    }
    while (position < to && !stopped.aborted) {
      try {
        await readSpan(kafka, topic, { partition, from: position, to }, visitBatch, stopped, clock)
        break
      } catch (error) {
        if (!(error instanceof OutOfRange)) throw error
        position = await afterRetention(kafka, topic, partition, position)
      }
    }
  }
}
