import { CompressionTypes, type Kafka } from 'kafkajs'
import { InvalidRequest } from '../model/faults.ts'
import { type Headers } from '../model/record.ts'
import { plainBytes } from '../operators/letter-forms.ts'
import { faultOf } from './faults.ts'
import { sendable } from './headers.ts'
import { samePartition } from './same-partition.ts'

/** A message to publish. */
export interface Replayed {
  /** The partition of the original, modulo the number of partitions. */
  readonly partition: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: Headers
}

/** The topic to which dead letters are published again. */
export interface ReplayTopic {
  /**
   * Completes when all replicas have them. Returns those that are too large for the topic, even alone and compressed.
   *
   * @throws Fault if Kafka fails
   */
  publish<M extends Replayed>(messages: readonly M[]): Promise<M[]>
  close(): Promise<void>
}

const bytesOf = ({ key, value }: Replayed): number => (key?.length ?? 0) + (value?.length ?? 0)

/** The source topic as a target. It connects at the first messages. */
export const openReplayTopic = (kafka: Kafka, topic: string): ReplayTopic => {
  const producer = kafka.producer({ allowAutoTopicCreation: false, createPartitioner: samePartition })

  /** Returns false if they are too large for the topic. */
  const send = async (messages: readonly Replayed[], compression: CompressionTypes): Promise<boolean> => {
    try {
      await producer.connect()
      await producer.send({
        topic,
        acks: -1,
        compression,
        messages: messages.map(({ partition, key, value, headers }) => ({
          partition,
          key,
          value,
          headers: sendable(headers),
        })),
      })
      return true
    } catch (error) {
      const fault = faultOf(error)
      if (fault instanceof InvalidRequest) return false
      throw fault
    }
  }

  return {
    publish: async messages => {
      const bytes = messages.reduce((sum, message) => sum + bytesOf(message), 0)
      if (bytes <= plainBytes && (await send(messages, CompressionTypes.None))) return []
      const refused: (typeof messages)[number][] = []
      for (const message of messages) if (!(await send([message], CompressionTypes.GZIP))) refused.push(message)
      return refused
    },
    close: () => producer.disconnect(),
  }
}
