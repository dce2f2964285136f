import { type Kafka } from 'kafkajs'
import { Fault } from '../../model/faults.ts'
import { faultOf } from '../faults.ts'
import { type FetchedPartition } from './fetched.ts'
import { type Cluster } from '../cluster.ts'
import { clusterOf } from './cluster-of.ts'
import { type Broker, fetchRecordSets } from './request.ts'

/** Enough for a record batch of any size, because the first one is returned whole. */
const maxBytes = 1024 * 1024
const maxWaitMs = 500

const leaderOf = async (cluster: Cluster, topic: string, partition: number): Promise<Broker> => {
  await cluster.connect()
  await cluster.addTargetTopic(topic)
  const found = cluster.findTopicPartitionMetadata(topic).find(({ partitionId }) => partitionId === partition)
  if (found === undefined) throw new Fault('misconfigured', `${topic} has no partition ${partition}`)
  return cluster.findBroker({ nodeId: found.leader })
}

/** Fetches from one partition at an offset, without a consumer group: at most `atMost` bytes, but at least one record batch. */
export type FetchAt = (offset: number, atMost?: number) => Promise<FetchedPartition>

/**
 * Runs `use` with the leader of a partition.
 *
 * @throws Fault if the brokers cannot be used, or the partition has no leader; any error of `use`
 */
export const withLeader = async <T>(
  kafka: Kafka,
  topic: string,
  partition: number,
  use: (fetchAt: FetchAt) => Promise<T>,
): Promise<T> => {
  const cluster = clusterOf(kafka)
  try {
    const leader = await leaderOf(cluster, topic, partition)
    return await use(async (fetchOffset, atMost = maxBytes) => {
      const limits = { maxWaitMs, maxBytes: atMost, maxBytesPerPartition: atMost }
      const [fetched] = await fetchRecordSets(leader, topic, { partitions: [{ partition, fetchOffset }], ...limits })
      if (fetched === undefined) throw new Fault('transient', `no response for partition ${partition}`)
      return fetched
    })
  } catch (error) {
    throw faultOf(error)
  } finally {
    await cluster.disconnect().catch(() => undefined)
  }
}
