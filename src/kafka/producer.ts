import { CompressionTypes, type Kafka, type Message, type Producer } from 'kafkajs'
import { type KafkaSettings } from '../config/settings.ts'
import { type DeadLetterTopic } from '../operators/dead-letter.ts'
import { type DeadLetter } from '../operators/letter-forms.ts'
import { faultOf, isUnreachable } from './faults.ts'
import { headersOf } from './headers.ts'
import { samePartition } from './same-partition.ts'

export interface DeadLetterProducer extends DeadLetterTopic {
  close(): Promise<void>
}

/** The message of a letter, for the partition of its original. */
export const toMessage = (letter: DeadLetter, stream: string, sourceTopic: string): Message => {
  const { rejected, without } = letter
  const { record } = rejected
  return {
    partition: record.partition,
    key: without.includes('key') ? null : record.key,
    value: without.includes('value') ? null : record.value,
    headers: headersOf(letter, stream, sourceTopic),
  }
}

/** The dead-letter topic. It connects at the first dead letter. */
export const openDeadLetterTopic = (
  kafka: Kafka,
  stream: string,
  { topic: sourceTopic, deadLetterTopic }: Pick<KafkaSettings, 'topic' | 'deadLetterTopic'>,
): DeadLetterProducer => {
  const open = (): Producer => kafka.producer({ allowAutoTopicCreation: false, createPartitioner: samePartition })
  let producer = open()

  return {
    publish: async letters => {
      try {
        await producer.connect()
        await producer.send({
          topic: deadLetterTopic,
          acks: -1,
          compression: letters.some(({ compressed }) => compressed) ? CompressionTypes.GZIP : CompressionTypes.None,
          messages: letters.map(letter => toMessage(letter, stream, sourceTopic)),
        })
      } catch (error) {
        // The same client would reuse a silent connection, or start with an address that may not be a broker any more (see
        // members.ts). So the next attempt uses a new one.
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
