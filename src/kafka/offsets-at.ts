import { type Kafka } from 'kafkajs'
import { withAdmin } from './admin.ts'

/** By partition, the offset of the first message with this timestamp (milliseconds) or a later one; the end if there is none. */
export const offsetsAt = (kafka: Kafka, topic: string, time: number): Promise<Map<number, number>> =>
  withAdmin(kafka, async admin => {
    const found = await admin.fetchTopicOffsetsByTimestamp(topic, time)
    return new Map(found.map(({ partition, offset }) => [partition, Number(offset)]))
  })
