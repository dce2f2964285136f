import { type Cassandra, type CassandraOptions, startCassandra } from './cassandra.ts'
import { freePort, isFree } from './ports.ts'

/** A ring of several nodes. */
export interface CassandraCluster {
  readonly nodes: readonly Cassandra[]
  /** Starts another node. It takes over its share of the data, unless `settings` prevent that. */
  join(settings?: Readonly<Record<string, string>>): Promise<Cassandra>
  /** Stops all nodes and removes their data. */
  stop(): Promise<void>
}

export interface ClusterOptions extends Pick<CassandraOptions, 'version' | 'settings'> {
  readonly nodes: number
  /**
   * The address at which clients connect to node n, counted from 0, if it is not the node's own: a link of the rig. The node
   * tells drivers this address; the port is the same.
   */
  readonly broadcastAddress?: (node: number) => string
}

const heapMb = 384

/** Addresses in the loopback range; the rig's links have others. */
export const nodeAddress = (node: number): string => `127.0.0.${11 + node}`

/** A port that is free on all addresses, because all nodes use the same one. */
const commonPort = async (nodes: number): Promise<number> => {
  for (;;) {
    const port = await freePort()
    const free = await Promise.all(Array.from({ length: nodes }, (_, node) => isFree(port, nodeAddress(node))))
    if (free.every(Boolean)) return port
  }
}

/**
 * Starts a cluster one node after another, as a ring requires. The first nodes do not bootstrap, because there is no data
 * yet. It takes about 10 s for each node on two cores.
 *
 * @throws Error with the last log lines of the node that does not start; the others are then stopped
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
