import { type Kafka } from 'kafkajs'
import { withAdmin } from './admin.ts'
import { type Bounds } from './member.ts'

/** What Kafka knows of one partition: `committed` is negative where the group has no offset. */
export interface PartitionOffsets extends Bounds {
  readonly partition: number
  readonly committed: number
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

// Kafka's number for "the beginning": workers up to 0.1 let the client commit it over an offset that was out of range,
// before anything was read from there.
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

/** Whether the group has an offset in any partition of the topic, in range or not. */
export const hasOffsets = (committed: ReadonlyMap<number, number>): boolean =>
  [...committed.values()].some(offset => offset !== -1)
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
