import { type Cassandra, type CassandraOptions, startCassandra } from './cassandra.ts'
import { freePort, isFree } from './ports.ts'

/** Several nodes that know each other. */
export interface CassandraCluster {
  readonly nodes: readonly Cassandra[]
  /** Starts one more node. It takes over its share of the data unless `settings` say otherwise. */
  join(settings?: Readonly<Record<string, string>>): Promise<Cassandra>
  /** Stops all nodes and removes their data. */
  stop(): Promise<void>
}

export interface ClusterOptions extends Pick<CassandraOptions, 'version' | 'settings'> {
  readonly nodes: number
  /**
   * Where clients reach node n, from 0, if that is not its own address: a link of the rig. It is what the node tells
   * drivers; the port is the same.
   */
  readonly broadcastAddress?: (node: number) => string
}

const heapMb = 384

/** Of the loopback range; the rig's links have addresses of their own. */
export const nodeAddress = (node: number): string => `127.0.0.${11 + node}`

/** One that is free on the addresses of all nodes: they share it. */
const commonPort = async (nodes: number): Promise<number> => {
  for (;;) {
    const port = await freePort()
    const free = await Promise.all(Array.from({ length: nodes }, (_, node) => isFree(port, nodeAddress(node))))
    if (free.every(Boolean)) return port
  }
}

/**
 * Starts a cluster, one node after the other, as the ring wants it. The first nodes do not bootstrap: there is no data
 * yet. Takes about 10 s a node on two cores.
 *
 * @throws Error with the last lines of the log of the node that does not serve; the others are stopped then.
 */
export const startCassandraCluster = async (options: ClusterOptions): Promise<CassandraCluster> => {
  const { version, broadcastAddress = nodeAddress } = options
  const addresses = options.nodes + 2
  const [port, storagePort] = [await commonPort(addresses), await commonPort(addresses)]
  const nodes: Cassandra[] = []

  const add = async (settings: Readonly<Record<string, string>>): Promise<Cassandra> => {
    const node = await startCassandra({
      ...(version === undefined ? {} : { version }),
      ...{ address: nodeAddress(nodes.length), port, storagePort, heapMb, seed: nodeAddress(0) },
      settings: { broadcast_rpc_address: broadcastAddress(nodes.length), ...options.settings, ...settings },
    })
    nodes.push(node)
    return node
  }

  const stop = async (): Promise<void> => {
    await Promise.all(nodes.map(node => node.stop()))
  }

  try {
    while (nodes.length < options.nodes) await add({ auto_bootstrap: 'false' })
  } catch (error) {
    await stop()
    throw error
  }
  return { nodes, join: (settings = {}) => add(settings), stop }
}
