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

/** Waits until every replica has caught up: whoever kills the last one in sync leaves a partition without any leader. */
export const untilInSync = (scene: Scene, ...topics: readonly string[]): Promise<void> =>
  scene.mustSoon('all replicas are in sync', async () => {
    const { topics: found } = await scene.admin.fetchTopicMetadata({ topics: [...topics] })
    return found.flatMap(({ partitions }) => partitions).every(({ isr, replicas }) => isr.length === replicas.length)
  })

/**
 * A topic of somebody else's with a single copy of each partition: while its broker is dead it has no leader, and a client
 * that asks for the metadata of all topics gets none of any (tulios/kafkajs#1460).
 */
export const createLoneTopic = async (scene: Scene): Promise<void> => {
  const topic = `${scene.topic}.lone`
  const numPartitions = scene.environment.brokers.length
  await scene.admin.createTopics({ topics: [{ topic, numPartitions, replicationFactor: 1 }], waitForLeaders: false })
}
