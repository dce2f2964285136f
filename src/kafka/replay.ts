import { type Kafka, Partitioners } from 'kafkajs'
import { type Headers } from '../model/record.ts'
import { faultOf } from './faults.ts'

/** A message to publish. */
export interface Replayed {
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: Headers
}

/** Where dead letters are published again. */
export interface ReplayTopic {
  /** Completes when all replicas have them. @throws Fault when Kafka is in trouble, InvalidRequest when one is too large. */
  publish(messages: readonly Replayed[]): Promise<void>
  close(): Promise<void>
}

/** The source topic as a target; it connects with the first messages. */
export const openReplayTopic = (kafka: Kafka, topic: string): ReplayTopic => {
  const producer = kafka.producer({ allowAutoTopicCreation: false, createPartitioner: Partitioners.DefaultPartitioner })
  return {
    publish: async messages => {
      try {
        await producer.connect()
        await producer.send({
          topic,
          acks: -1,
          messages: messages.map(({ key, value, headers }) => ({ key, value, headers: { ...headers } })),
        })
      } catch (error) {
        throw faultOf(error)
      }
    },
    close: () => producer.disconnect(),
  }
}
