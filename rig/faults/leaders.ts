import { type Scene } from './scene.ts'

/**
 * The id of the broker that leads a partition.
 *
 * @throws Error if there is none
 */
export const leaderOf = async (scene: Scene, topic: string, partition: number): Promise<number> => {
  const { topics } = await scene.admin.fetchTopicMetadata({ topics: [topic] })
  const leader = topics[0]?.partitions.find(({ partitionId }) => partitionId === partition)?.leader
  if (leader === undefined || leader < 1) throw new Error(`partition ${partition} of ${topic} has no leader`)
  return leader
}

/** The id of the group coordinator, which is the leader of the group's partition of the offsets topic. */
export const coordinatorOf = async (scene: Scene): Promise<number> => {
  let hash = 0
  for (const unit of scene.group) hash = (Math.imul(31, hash) + unit.charCodeAt(0)) | 0
  return leaderOf(scene, '__consumer_offsets', (hash & 0x7fffffff) % 4)
}

/** Waits until every replica has caught up, because a partition loses its leader if its last in-sync replica is killed. */
export const untilInSync = (scene: Scene, ...topics: readonly string[]): Promise<void> =>
  scene.mustSoon('all replicas are in sync', async () => {
    const { topics: found } = await scene.admin.fetchTopicMetadata({ topics: [...topics] })
    return found.flatMap(({ partitions }) => partitions).every(({ isr, replicas }) => isr.length === replicas.length)
  })

/**
 * A topic of another owner with one replica for each partition. While its broker is dead it has no leader, and a client that
 * requests the metadata of all topics fails (tulios/kafkajs#1460).
 */
export const createLoneTopic = async (scene: Scene): Promise<void> => {
  const topic = `${scene.topic}.lone`
  const numPartitions = scene.environment.brokers.length
  await scene.admin.createTopics({ topics: [{ topic, numPartitions, replicationFactor: 1 }], waitForLeaders: false })
}
