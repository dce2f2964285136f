import { type Kafka } from 'kafkajs'
import { withAdmin } from './admin.ts'
import { faultOf } from './faults.ts'

/** The offsets of one partition from `from` to before `to`. */
export interface Span {
  readonly partition: number
  readonly from: number
  readonly to: number
}

/**
 * The current content of a topic, a span for each partition. It excludes later messages, so a reader that causes new messages
 * ends.
 *
 * @throws Fault if the brokers do not answer or the topic does not exist
 */
export const spansOf = async (kafka: Kafka, topic: string): Promise<Span[]> => {
  try {
    const bounds = await withAdmin(kafka, admin => admin.fetchTopicOffsets(topic))
    return bounds
      .map(({ partition, low, high }) => ({ partition, from: Number(low), to: Number(high) }))
      .sort((a, b) => a.partition - b.partition)
  } catch (error) {
    throw faultOf(error)
  }
}
