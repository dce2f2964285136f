import { type FaultCase } from './fault.ts'
import { configureTopic } from './topic-config.ts'

export const leaderMoved: FaultCase = {
  name: 'F10-leader-moved',
  title: 'Partitions are moved to other brokers and back while they are read',
  events: 20_000,
  brokers: 3,
  run: async scene => {
    // With a single replica, a move changes the leader.
    await configureTopic(scene.admin, scene.topic, { 'min.insync.replicas': '1' })
    scene.startPublishing(600)
    const worker = await scene.startWorker()
    await scene.untilCommitted(1_000)
    const ids = (await scene.admin.describeCluster()).brokers.map(({ nodeId }) => nodeId)
    for (const turn of [1, 2, 0]) {
      const replicas = [...ids.slice(turn), ...ids.slice(0, turn)]
      const partitionAssignment = [0, 1].map(partition => ({
        partition,
        replicas: replicas.slice(partition, partition + 1),
      }))
      await scene.admin.alterPartitionReassignments({ topics: [{ topic: scene.topic, partitionAssignment }] })
      await scene.mustSoon('the leaders have moved', async () => {
        const { topics } = await scene.admin.fetchTopicMetadata({ topics: [scene.topic] })
        return (topics[0]?.partitions ?? []).every(
          ({ partitionId, leader, replicas: now }) => leader === replicas[partitionId] && now.length === 1,
        )
      })
      const before = await scene.committed()
      await scene.mustSoon('it continues', async () => (await scene.committed()) > before + 500, 30)
    }
    scene.healed()
    await scene.caughtUp()
    scene.expect(worker.running, 'it is still the same worker')
  },
}
