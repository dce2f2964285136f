import { type Consumer, type EachBatchPayload, type Kafka, type KafkaMessage } from 'kafkajs'
import { type Headers } from '../model/record.ts'
import { withAdmin } from './admin.ts'
import { faultOf } from './faults.ts'
import { type Span } from './spans.ts'

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

const stored = (partition: number, message: KafkaMessage): StoredMessage => ({
  partition,
  offset: Number(message.offset),
  timestamp: Number(message.timestamp),
  key: message.key,
  value: message.value,
  headers: message.headers ?? {},
})

const consumerOf = (kafka: Kafka, groupId: string): Consumer =>
  kafka.consumer({
    groupId,
    allowAutoTopicCreation: false,
    maxWaitTimeInMs: 200,
    retry: { restartOnFailure: () => Promise.resolve(false) },
  })

/**
 * Visits every message of the spans, in order within a partition, until all are visited, `visit` returns false, or `signal` is
 * aborted. The current visit is always finished. The group is for this scan only: it commits nothing and is deleted at the
 * end.
 *
 * @throws Fault if Kafka fails; any error of `visit`
 */
export const scan = async (
  kafka: Kafka,
  { topic, groupId, spans }: { topic: string; groupId: string; spans: readonly Span[] },
  visit: Visit,
  signal: AbortSignal,
): Promise<void> => {
  const left = new Map(spans.filter(({ from, to }) => from < to).map(span => [span.partition, span]))
  if (left.size === 0 || signal.aborted) return
  const consumer = consumerOf(kafka, groupId)
  let stopped = false
  let failure: { readonly error: unknown } | undefined

  const read = new Promise<void>(resolve => {
    const end = (): void => {
      stopped = true
      resolve()
    }
    const fail = (error: unknown): void => {
      failure ??= { error }
      end()
    }
    /** All messages of the partition before this offset are visited. */
    const reached = (partition: number, offset: number): void => {
      const span = left.get(partition)
      if (span === undefined) return
      if (offset < span.to) {
        left.set(partition, { ...span, from: Math.max(span.from, offset) })
        return
      }
      left.delete(partition)
      consumer.pause([{ topic, partitions: [partition] }])
      if (left.size === 0) end()
    }

    const eachMessage = async (partition: number, message: KafkaMessage): Promise<void> => {
      const span = left.get(partition)
      const offset = Number(message.offset)
      // Outside the span: fetched again after a rebalance, or not requested.
      if (span === undefined || offset < span.from || offset >= span.to) return
      const goOn = await visit(stored(partition, message))
      reached(partition, offset + 1)
      if (!goOn) end()
    }

    const eachBatch = async (payload: EachBatchPayload): Promise<void> => {
      const { batch } = payload
      try {
        for (const message of batch.messages) {
          if (stopped) return
          await eachMessage(batch.partition, message)
          await payload.heartbeat()
        }
        reached(batch.partition, Number(batch.lastOffset()) + 1)
      } catch (error) {
        fail(error)
      }
    }

    signal.addEventListener('abort', end)
    consumer.on(consumer.events.CRASH, ({ payload }) => fail(payload.error))
    // Batches with only control records are not passed to eachBatch.
    consumer.on(consumer.events.START_BATCH_PROCESS, ({ payload: { partition, batchSize, lastOffset } }) => {
      if (batchSize === 0) reached(partition, Number(lastOffset) + 1)
    })

    const start = async (): Promise<void> => {
      await consumer.connect()
      await consumer.subscribe({ topic, fromBeginning: true })
      await consumer.run({ autoCommit: false, eachBatch })
      for (const { partition, from } of left.values()) consumer.seek({ topic, partition, offset: String(from) })
    }
    start().catch(fail)
  })

  await read
  // Waits for the current visit.
  await consumer.disconnect().catch(() => undefined)
  // Without the permission, the brokers remove the empty group after a while.
  await withAdmin(kafka, admin => admin.deleteGroups([groupId])).catch(() => undefined)
  if (failure !== undefined) throw faultOf(failure.error)
}
