import { type Kafka, Partitioners } from 'kafkajs'
import { type Load, messages } from '../rig/load/enrolments.ts'

/** The primary key of a row. */
export interface RowKey {
  readonly programId: string
  readonly userId: string
}

/** A topic with a load. */
export interface FilledTopic {
  readonly name: string
  readonly load: Load
  /** The first message of each partition. */
  readonly heads: readonly RowKey[]
  /** A sample of the last messages, dense enough for every batch that may be in flight at the end. */
  readonly tails: readonly RowKey[]
}

const chunkMessages = 500
const tailMessages = 5000
const tailSampled = 10

const keyOf = (value: Buffer | null): RowKey => {
  const { programId, userId } = JSON.parse(String(value)) as RowKey
  return { programId, userId }
}

export const makeTopic = async (kafka: Kafka, topic: string, numPartitions: number): Promise<void> => {
  const admin = kafka.admin()
  await admin.connect()
  await admin.createTopics({ topics: [{ topic, numPartitions }], waitForLeaders: true })
  await admin.disconnect()
}

/** Creates a topic and publishes the load to its partitions in turn. */
export const fillTopic = async (kafka: Kafka, name: string, partitions: number, load: Load): Promise<FilledTopic> => {
  await makeTopic(kafka, name, partitions)
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner })
  await producer.connect()
  const heads: RowKey[] = []
  const tails: RowKey[] = []
  let chunk: { partition: number; value: Buffer | null }[] = []
  let count = 0
  const flush = async (): Promise<void> => {
    await producer.send({ topic: name, messages: chunk })
    chunk = []
  }
  for (const { value } of messages(load)) {
    if (count < partitions) heads.push(keyOf(value))
    chunk.push({ partition: count % partitions, value })
    count += 1
    const left = load.events - count
    if (left < tailMessages && left % tailSampled === 0) tails.push(keyOf(value))
    if (chunk.length === chunkMessages) await flush()
  }
  if (chunk.length > 0) await flush()
  await producer.disconnect()
  return { name, load, heads, tails }
}
