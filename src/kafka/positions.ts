import { type Kafka } from 'kafkajs'
import { withAdmin } from './admin.ts'

/** What Kafka knows of one partition: `committed` is negative where the group has no offset. */
export interface PartitionOffsets {
  readonly partition: number
  readonly committed: number
  /** The first offset that the topic still has. */
  readonly low: number
  /** The offset that the next message will get. */
  readonly high: number
}

export type AutoOffsetReset = 'earliest' | 'latest'

export interface Start {
  readonly offset: number
  /** Set when the committed offset is not in the topic any more. */
  readonly outOfRange?: {
    readonly committed: number
    /** How many messages were dropped by retention before they were read; unknown when the topic was made anew. */
    readonly skipped: number | undefined
  }
}

// Kafka's number for "the beginning": the client (2.2.4, setDefaultOffset) commits it by itself over an offset that is out
// of range, before anything is read from there.
const clientReset = -2

/**
 * Where an assignment starts to read. A committed offset out of range leads to the start of the log whatever `reset`
 * says: its end would skip, unseen, all that is left.
 */
export const startOf = ({ committed, low, high }: PartitionOffsets, reset: AutoOffsetReset): Start => {
  if (committed === clientReset) return { offset: low, outOfRange: { committed, skipped: undefined } }
  if (committed < 0) return { offset: reset === 'earliest' ? low : high }
  if (committed < low) return { offset: low, outOfRange: { committed, skipped: low - committed } }
  if (committed > high) return { offset: low, outOfRange: { committed, skipped: undefined } }
  return { offset: committed }
}

/** Reads what Kafka knows of every partition of the topic. */
export const readOffsets = (kafka: Kafka, groupId: string, topic: string): Promise<PartitionOffsets[]> =>
  withAdmin(kafka, async admin => {
    // First, and alone: from here on the client asks for this topic only.
    const bounds = await admin.fetchTopicOffsets(topic)
    const groups = await admin.fetchOffsets({ groupId, topics: [topic] })
    const committed = new Map(groups.flatMap(({ partitions }) => partitions.map(p => [p.partition, Number(p.offset)])))
    return bounds.map(({ partition, low, high }) => ({
      partition,
      committed: committed.get(partition) ?? -1,
      low: Number(low),
      high: Number(high),
    }))
  })
