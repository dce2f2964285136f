import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import kafkajs, { type Cluster, type Logger } from 'kafkajs'
import { subscriberAssigner } from '../../src/kafka/assigner.ts'

const { AssignerProtocol, PartitionAssigners } = kafkajs

// The assigner reads only the metadata of the leader's topic.
const cluster = {
  findTopicPartitionMetadata: (topic: string) => {
    assert.equal(topic, 'a')
    return [0, 1, 2, 3].map(partitionId => ({ partitionId }))
  },
} as unknown as Cluster
const config = { cluster, groupId: 'group', logger: {} as Logger }
const assigner = subscriberAssigner(config)

const member = (memberId: string, ...topics: string[]) => ({
  memberId,
  memberMetadata: assigner.protocol({ topics }).metadata,
})

/** The assignment that the leader, a consumer of topic a, gives to each member. */
const assigned = async (...members: ReturnType<typeof member>[]): Promise<Record<string, unknown>> => {
  const given = await assigner.assign({ members, topics: ['a'] })
  return Object.fromEntries(
    given.map(({ memberId, memberAssignment }) => [
      memberId,
      { ...AssignerProtocol.MemberAssignment.decode(memberAssignment)?.assignment },
    ]),
  )
}

describe('the partitions of the group', () => {
  test('go to the members that read their topic; others get the topic without partitions', async () => {
    assert.deepEqual(await assigned(member('1', 'a'), member('2', 'b'), member('3', 'b', 'a')), {
      1: { a: [0, 2] },
      2: { a: [] },
      3: { a: [1, 3] },
    })
  })

  test('go to nobody whose subscription cannot be read', async () => {
    assert.deepEqual(await assigned(member('1', 'a'), { memberId: '2', memberMetadata: Buffer.from([0]) }), {
      1: { a: [0, 1, 2, 3] },
      2: { a: [] },
    })
  })

  test('are those of the client in a group with one topic, in its format and under its name', async () => {
    const client = PartitionAssigners.roundRobin(config)
    const group = { members: [member('2', 'a'), member('1', 'a'), member('3', 'a')], topics: ['a'] }
    assert.deepEqual(await assigner.assign(group), await client.assign(group))
    assert.deepEqual(assigner.protocol({ topics: ['a'] }), client.protocol({ topics: ['a'] }))
  })
})
