import { setTimeout as pause } from 'node:timers/promises'
import { type Client, policies, types } from 'cassandra-driver'
import { type CassandraAddress, cqlClient } from '../servers/cql-client.ts'

/** A client that sends every request to this node. */
export const clientOf = (node: CassandraAddress): Client => {
  const { AllowListPolicy, RoundRobinPolicy } = policies.loadBalancing
  const allowed = [`${node.contactPoint}:${node.port}`]
  return cqlClient(node, { policies: { loadBalancing: new AllowListPolicy(new RoundRobinPolicy(), allowed) } })
}

// It exists in every cluster, with three replicas, and a read at ALL needs all of them.
const everywhere = 'SELECT * FROM system_distributed.view_build_status'

/** @throws Error if this node does not reach all others, or one of them does not answer */
const reachesAll = async (node: CassandraAddress): Promise<void> => {
  const client = clientOf(node)
  try {
    await client.execute(everywhere, [], { consistency: types.consistencies.all })
  } finally {
    await client.shutdown()
  }
}

const betweenTriesMs = 200

/**
 * Waits until each of three nodes reaches the two others. After a start, a node serves clients before the others know it.
 *
 * @throws Error if one of them does not within `seconds`
 */
export const untilRingIsWhole = async (nodes: readonly CassandraAddress[], seconds = 60): Promise<void> => {
  const deadline = Date.now() + seconds * 1000
  for (const node of nodes) {
    for (;;) {
      try {
        await reachesAll(node)
        break
      } catch (error) {
        if (Date.now() > deadline) throw new Error(`${node.contactPoint} does not reach all nodes`, { cause: error })
        await pause(betweenTriesMs)
      }
    }
  }
}
