import { type Kafka, type Message, Partitioners } from 'kafkajs'
import { type KafkaSettings } from '../config/load.ts'
import { type DeadLetter, type DeadLetterTopic } from '../operators/dead-letter.ts'
import { faultOf, isUnreachable } from './faults.ts'
import { headersOf } from './headers.ts'

export interface DeadLetterProducer extends DeadLetterTopic {
  close(): Promise<void>
}

/** The dead-letter topic; it connects with the first dead letter. */
export const openDeadLetterTopic = (
  kafka: Kafka,
  stream: string,
  { topic: sourceTopic, deadLetterTopic }: Pick<KafkaSettings, 'topic' | 'deadLetterTopic'>,
): DeadLetterProducer => {
  const producer = kafka.producer({ allowAutoTopicCreation: false, createPartitioner: Partitioners.DefaultPartitioner })

  const toMessage = (letter: DeadLetter): Message => ({
    key: letter.rejected.record.key,
    value: letter.withoutValue ? null : letter.rejected.record.value,
    headers: { ...headersOf(letter, stream, sourceTopic) },
  })

  return {
    publish: async letters => {
      try {
        await producer.connect()
        await producer.send({ topic: deadLetterTopic, acks: -1, messages: letters.map(toMessage) })
      } catch (error) {
        // An open connection that has gone silent would be used again: the next try makes a new one.
        if (isUnreachable(error)) await producer.disconnect().catch(() => undefined)
        throw faultOf(error)
      }
    },
    close: () => producer.disconnect(),
  }
}
