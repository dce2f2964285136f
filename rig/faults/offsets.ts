import { type Admin, Kafka, logLevel } from 'kafkajs'

/** The offsets of a group in one partition; `committed` is -1 without an offset. */
export interface PartitionOffsets {
  readonly partition: number
  readonly committed: number
  readonly low: number
  readonly high: number
}

export const rigClient = (bootstrap: string): Kafka =>
  new Kafka({
    clientId: 'faults',
    brokers: bootstrap.split(','),
    logLevel: logLevel.NOTHING,
    connectionTimeout: 2000,
    requestTimeout: 5000,
    retry: { initialRetryTime: 100, maxRetryTime: 1000, retries: 3 },
  })

/** @throws Error if the brokers do not answer */
export const partitionOffsets = async (admin: Admin, groupId: string, topic: string): Promise<PartitionOffsets[]> => {
  const [bounds, groups] = await Promise.all([
    admin.fetchTopicOffsets(topic),
    admin.fetchOffsets({ groupId, topics: [topic] }),
  ])
  const committed = new Map(groups.flatMap(({ partitions }) => partitions.map(p => [p.partition, Number(p.offset)])))
  return bounds.map(({ partition, low, high }) => ({
    partition,
    committed: committed.get(partition) ?? -1,
    low: Number(low),
    high: Number(high),
  }))
}

/** The lag of the group in messages. */
export const lagOf = (all: readonly PartitionOffsets[]): number =>
  all.reduce((sum, { committed, low, high }) => sum + high - Math.max(committed, low), 0)
