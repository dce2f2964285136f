import { type Kafka, type Message, Partitioners, type Producer } from 'kafkajs'
import { type KafkaSettings } from '../config/settings.ts'
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
  const open = (): Producer =>
    kafka.producer({ allowAutoTopicCreation: false, createPartitioner: Partitioners.DefaultPartitioner })
  let producer = open()

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
        // The same client would use an open connection that has gone silent again, and begin with an address that only
        // accepts connections (see consumer.ts): the next try has a new one.
        if (isUnreachable(error)) {
          await producer.disconnect().catch(() => undefined)
          producer = open()
        }
        throw faultOf(error)
      }
    },
    close: () => producer.disconnect(),
  }
}
