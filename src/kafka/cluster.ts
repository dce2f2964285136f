import { Fault } from '../model/faults.ts'
import { type Broker } from './fetch/request.ts'
import { type Bounds } from './member.ts'

interface Offsets {
  readonly responses: readonly {
    readonly partitions: readonly { readonly partition: number; readonly offset: string }[]
  }[]
}

/** A broker, as in the client (2.2.4, broker/index.js). */
export interface ClusterBroker extends Broker {
  listOffsets(request: object): Promise<Offsets>
  offsetFetch(request: object): Promise<Offsets>
}

/** The brokers and their metadata, as in the client (2.2.4, cluster/index.js). */
export interface Cluster {
  connect(): Promise<void>
  disconnect(): Promise<void>
  addTargetTopic(topic: string): Promise<void>
  refreshMetadata(): Promise<void>
  refreshMetadataIfNecessary(): Promise<void>
  findBroker(asked: { readonly nodeId: number }): Promise<ClusterBroker>
  findTopicPartitionMetadata(topic: string): readonly { readonly partitionId: number; readonly leader: number }[]
}

export const noLeader = 'the partition has no leader'

const readCommitted = 1
const [latest, earliest] = [-1, -2]

/** The leaders of the topic's partitions in the client's metadata; negative without a leader. */
export const leadersOf = (cluster: Cluster, topic: string): Map<number, number> =>
  new Map(cluster.findTopicPartitionMetadata(topic).map(({ partitionId, leader }) => [partitionId, leader]))

const offsetsIn = ({ responses }: Offsets): [partition: number, offset: number][] =>
  responses.flatMap(({ partitions }) => partitions.map(({ partition, offset }) => [partition, Number(offset)] as const))

/** Asks a broker for the offsets of this time in partitions that it leads, by partition. */
const listOffsets = async (
  cluster: Cluster,
  nodeId: number,
  topic: string,
  partitions: readonly number[],
  timestamp: number,
): Promise<[partition: number, offset: number][]> => {
  const broker = await cluster.findBroker({ nodeId })
  const topics = [{ topic, partitions: partitions.map(partition => ({ partition, timestamp })) }]
  return offsetsIn(await broker.listOffsets({ isolationLevel: readCommitted, topics }))
}

/** Asks the partition's leader for offsets by time; undefined while it has no leader. */
const offsetsAt = async (
  cluster: Cluster,
  topic: string,
  partition: number,
  timestamps: readonly number[],
): Promise<readonly number[] | undefined> => {
  const nodeId = leadersOf(cluster, topic).get(partition) ?? -1
  try {
    if (nodeId < 0) {
      await cluster.refreshMetadata()
      return undefined
    }
    const found = timestamps.map(timestamp => listOffsets(cluster, nodeId, topic, [partition], timestamp))
    return (await Promise.all(found)).map(([first]) => first?.[1] ?? NaN)
  } catch (error) {
    // The metadata may be stale.
    await cluster.refreshMetadata()
    throw error
  }
}

/** The offset after the last readable record of each partition that has a leader: one request to each of the brokers. */
export const endsOf = async (cluster: Cluster, topic: string): Promise<Map<number, number>> => {
  await cluster.addTargetTopic(topic)
  await cluster.refreshMetadataIfNecessary()
  const leaders = [...leadersOf(cluster, topic)]
  const nodeIds = new Set(leaders.map(([, nodeId]) => nodeId))
  // A leader may have been elected since. Otherwise only old metadata is refreshed.
  if (nodeIds.delete(-1)) await cluster.refreshMetadata()
  const found = [...nodeIds].map(nodeId => {
    const led = leaders.filter(([, leader]) => leader === nodeId).map(([partition]) => partition)
    return listOffsets(cluster, nodeId, topic, led, latest)
  })
  return new Map((await Promise.all(found)).flat())
}

/** Undefined while the partition has no leader. */
export const boundsOf = async (cluster: Cluster, topic: string, partition: number): Promise<Bounds | undefined> => {
  const [low, high] = (await offsetsAt(cluster, topic, partition, [earliest, latest])) ?? []
  return low === undefined || high === undefined ? undefined : { low, high }
}

/**
 * The offset of the first record with this timestamp or a later one; undefined without one.
 *
 * @throws Fault while the partition has no leader; the client's errors
 */
export const offsetAt = async (
  cluster: Cluster,
  topic: string,
  partition: number,
  time: number,
): Promise<number | undefined> => {
  const offsets = await offsetsAt(cluster, topic, partition, [time])
  if (offsets === undefined) throw new Fault('transient', noLeader)
  const [offset = -1] = offsets
  return offset < 0 ? undefined : offset
}

/** The committed offsets of all partitions of the topic; negative without one. */
export const committedOf = async (
  cluster: Cluster,
  coordinator: ClusterBroker,
  groupId: string,
  topic: string,
): Promise<Map<number, number>> => {
  const partitions = [...leadersOf(cluster, topic).keys()].map(partition => ({ partition }))
  return new Map(offsetsIn(await coordinator.offsetFetch({ groupId, topics: [{ topic, partitions }] })))
}
