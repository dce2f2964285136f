import { type Kafka } from 'kafkajs'
import { withAdmin } from './admin.ts'
import { type Bounds } from './member.ts'

/** The offsets of one partition. `committed` is negative if the group has none. */
export interface PartitionOffsets extends Bounds {
  readonly partition: number
  readonly committed: number
}

export type AutoOffsetReset = 'earliest' | 'latest'

export interface Start {
  readonly offset: number
  /** Set if the committed offset is out of range. */
  readonly outOfRange?: {
    readonly committed: number
    /** How many messages retention removed before they were read; unknown if the topic was recreated. */
    readonly skipped: number | undefined
  }
}

// Kafka's number for the earliest offset. In workers up to 0.1 the client could commit it when an offset was out of range.
const clientReset = -2

/**
 * Committed for a partition without a leader when its group starts at the end: the time from which it is read, as a negative
 * number. For any other client, a negative offset is none.
 */
export const pinOfTime = (time: number): number => -time

/** The time of such a pin; undefined for any other committed offset. */
export const timeOfPin = (committed: number): number | undefined => (committed < clientReset ? -committed : undefined)

/**
 * The position at which an assignment starts. If the committed offset is out of range, it is the earliest offset, regardless of
 * `reset`: the latest would silently skip everything that is left.
 */
export const startOf = ({ committed, low, high }: PartitionOffsets, reset: AutoOffsetReset): Start => {
  if (committed === clientReset) return { offset: low, outOfRange: { committed, skipped: undefined } }
  if (committed < 0) return { offset: reset === 'earliest' ? low : high }
  if (committed < low) return { offset: low, outOfRange: { committed, skipped: low - committed } }
  if (committed > high) return { offset: low, outOfRange: { committed, skipped: undefined } }
  return { offset: committed }
}

/** Whether the group has a committed offset in any partition of the topic. */
export const hasOffsets = (committed: ReadonlyMap<number, number>): boolean =>
  [...committed.values()].some(offset => offset !== -1)

/** Reads the offsets of all partitions of the topic. */
export const readOffsets = (kafka: Kafka, groupId: string, topic: string): Promise<PartitionOffsets[]> =>
  withAdmin(kafka, async admin => {
    // First, so that the client requests the metadata of this topic only.
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
