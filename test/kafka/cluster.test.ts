import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Cluster, type ClusterBroker, endsOf } from '../../src/kafka/cluster.ts'

/** A client's cluster with these leaders. Each partition ends at 100 plus its number. */
const clusterWith = (leaders: readonly number[]): { cluster: Cluster; journal: string[] } => {
  const journal: string[] = []
  const note = (line: string): Promise<void> => Promise.resolve(void journal.push(line))
  const broker = (nodeId: number): ClusterBroker =>
    ({
      listOffsets: async ({ topics }: { topics: { partitions: { partition: number }[] }[] }) => {
        const partitions = topics.flatMap(topic => topic.partitions).map(({ partition }) => partition)
        await note(`broker ${nodeId}: ${partitions.join()}`)
        return {
          responses: [{ partitions: partitions.map(partition => ({ partition, offset: `${100 + partition}` })) }],
        }
      },
    }) as unknown as ClusterBroker
  const cluster: Cluster = {
    connect: () => note('connect'),
    disconnect: () => note('disconnect'),
    addTargetTopic: topic => note(`topic ${topic}`),
    refreshMetadata: () => note('refresh'),
    refreshMetadataIfNecessary: () => note('refresh if old'),
    findBroker: ({ nodeId }) => Promise.resolve(broker(nodeId)),
    findTopicPartitionMetadata: () => leaders.map((leader, partitionId) => ({ partitionId, leader })),
  }
  return { cluster, journal }
}

describe('the ends of a topic', () => {
  test('take one request to each broker', async () => {
    const { cluster, journal } = clusterWith([1, 2, 1])
    assert.deepEqual([...(await endsOf(cluster, 't'))].sort(), [
      [0, 100],
      [1, 101],
      [2, 102],
    ])
    assert.deepEqual(journal, ['topic t', 'refresh if old', 'broker 1: 0,2', 'broker 2: 1'])
  })

  test('are known for the other partitions while one has no leader, which is looked up each time', async () => {
    const { cluster, journal } = clusterWith([1, -1])
    assert.deepEqual([...(await endsOf(cluster, 't'))], [[0, 100]])
    assert.deepEqual(journal, ['topic t', 'refresh if old', 'refresh', 'broker 1: 0'])
  })

  test('are none while no partition has a leader', async () => {
    const { cluster } = clusterWith([-1])
    assert.equal((await endsOf(cluster, 't')).size, 0)
  })
})
