import kafkajs, { type GroupMemberAssignment, type PartitionAssigner } from 'kafkajs'
import { subscribesTo } from './subscription.ts'

/**
 * The client's round robin among the members that subscribe to the leader's topic. The client ignores subscriptions: it gives
 * members partitions of topics that they do not read, and nobody reads those. The leader knows the partitions of its own topic
 * only, so members of another topic get none. They get the leader's topic without partitions, which tells them why: see
 * `Join.fault`. The name and the format are the client's, because workers of different releases share a group during an update.
 */
export const subscriberAssigner: PartitionAssigner = config => {
  const roundRobin = kafkajs.PartitionAssigners.roundRobin(config)
  return {
    ...roundRobin,
    assign: async ({ members, topics }) => {
      const isOurs = ({ memberMetadata }: (typeof members)[number]): boolean =>
        topics.some(topic => subscribesTo(memberMetadata, topic))
      const assignment = Object.fromEntries(topics.map(topic => [topic, []]))
      const memberAssignment = kafkajs.AssignerProtocol.MemberAssignment.encode({
        version: roundRobin.version,
        assignment,
        userData: Buffer.alloc(0),
      })
      const others = members
        .filter(member => !isOurs(member))
        .map(({ memberId }): GroupMemberAssignment => ({ memberId, memberAssignment }))
      return [...(await roundRobin.assign({ members: members.filter(isOurs), topics })), ...others]
    },
  }
}
