import { type Kafka, Partitioners } from 'kafkajs'
import { faultOf } from './faults.ts'
import { type UndecodableBatch } from './fetch/fetched.ts'
import { deadLetterHeaders } from './headers.ts'
import { spansOf } from './spans.ts'

/** The reason of dead letters that hold a record batch. */
export const undecodable = 'undecodable'

/** Additional headers of these dead letters. `piece` counts from 1. */
export const pieceHeaders = {
  lastOffset: '__connect.errors.offset.last',
  piece: '__connect.errors.piece',
  pieces: '__connect.errors.pieces',
} as const

// A topic accepts a megabyte by default.
const pieceSize = 512 * 1024

/** The bytes in pieces, in order: at least one piece, and only a single piece may be empty. */
export const piecesOf = (raw: Buffer): Buffer[] =>
  Array.from({ length: Math.max(1, Math.ceil(raw.length / pieceSize)) }, (_, i) =>
    raw.subarray(i * pieceSize, (i + 1) * pieceSize),
  )

export interface SteppedOver {
  readonly stream: string
  readonly groupId: string
  readonly topic: string
  readonly deadLetterTopic: string
  readonly partition: number
}

/**
 * Publishes the raw bytes of a record batch as dead letters and commits the offset after it for the group, in one transaction.
 * Kafka accepts offsets of a transaction even while the group has members, but no other commits from outside the group.
 *
 * @throws Fault if Kafka fails; then neither is done
 */
export const stepOver = async (
  kafka: Kafka,
  { stream, groupId, topic, deadLetterTopic, partition }: SteppedOver,
  { offset, lastOffset, why, raw }: UndecodableBatch,
): Promise<void> => {
  const producer = kafka.producer({
    transactionalId: `${groupId}-skip-${topic}-${partition}`,
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
  })
  const headers = {
    [deadLetterHeaders.stream]: stream,
    [deadLetterHeaders.stage]: 'decode',
    [deadLetterHeaders.reason]: undecodable,
    [deadLetterHeaders.message]: why,
    [deadLetterHeaders.topic]: topic,
    [deadLetterHeaders.partition]: String(partition),
    [deadLetterHeaders.offset]: String(offset),
    [pieceHeaders.lastOffset]: String(lastOffset),
  }
  try {
    const letterPartition = partition % (await spansOf(kafka, deadLetterTopic)).length
    await producer.connect()
    const transaction = await producer.transaction()
    try {
      const pieces = piecesOf(raw)
      for (const [i, value] of pieces.entries()) {
        const numbered = { [pieceHeaders.piece]: String(i + 1), [pieceHeaders.pieces]: String(pieces.length) }
        const message = { key: null, value, partition: letterPartition, headers: { ...headers, ...numbered } }
        await transaction.send({ topic: deadLetterTopic, acks: -1, messages: [message] })
      }
      const partitions = [{ partition, offset: String(lastOffset + 1) }]
      await transaction.sendOffsets({ consumerGroupId: groupId, topics: [{ topic, partitions }] })
      await transaction.commit()
    } catch (error) {
      await transaction.abort().catch(() => undefined)
      throw error
    }
  } catch (error) {
    throw faultOf(error)
  } finally {
    await producer.disconnect().catch(() => undefined)
  }
}
