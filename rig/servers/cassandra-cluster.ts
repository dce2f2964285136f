import { type Cassandra, type CassandraOptions, startCassandra } from './cassandra.ts'
import { freePort, isFree } from './ports.ts'

/** A ring of several nodes. */
export interface CassandraCluster {
  /** All nodes that were started, in the order of their addresses. */
  readonly nodes: readonly Cassandra[]
  /** The CQL port of all nodes. */
  readonly port: number
  /**
   * Starts another node at the next address. It takes over its share of the data.
   *
   * @param javaOptions for example to replace a dead node
   */
  join(javaOptions?: readonly string[]): Promise<Cassandra>
  /** Stops all nodes and removes their data. */
  stop(): Promise<void>
}

export interface ClusterOptions extends Pick<CassandraOptions, 'version' | 'settings' | 'javaOptions'> {
  readonly nodes: number
  /**
   * The address at which clients connect to node n, counted from 0, if it is not the node's own: a link of the rig. The node
   * tells drivers this address; the port is the same.
   */
  readonly broadcastAddress?: (node: number) => string
}

const heapMb = 384

// The nodes live for minutes, and some start several times. Java's optimising compiler would cost more than it saves.
const quickStart = '-XX:TieredStopAtLevel=1'

// A node that joins gives up if it has not heard of the seed within this time, or has not heard all.
const joinDelay = '-Dcassandra.ring_delay_ms=5000'

/** Addresses in the loopback range; the rig's links have others. */
export const nodeAddress = (node: number): string => `127.0.0.${11 + node}`

// The replica that a node asks first is itself, so that a read at ONE through a node shows what this node has. By default
// it may ask any other that it deems faster.
const readsItself = { endpoint_snitch: 'GossipingPropertyFileSnitch', dynamic_snitch: 'false' }

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

  const add = async (
    settings: Readonly<Record<string, string>>,
    javaOptions: readonly string[] = [],
  ): Promise<Cassandra> => {
    const node = await startCassandra({
      ...(version === undefined ? {} : { version }),
      ...{ address: nodeAddress(nodes.length), port, storagePort, heapMb, seed: nodeAddress(0) },
      javaOptions: [quickStart, ...(options.javaOptions ?? []), ...javaOptions],
      settings: {
        ...readsItself,
        broadcast_rpc_address: broadcastAddress(nodes.length),
        ...options.settings,
        ...settings,
      },
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
  return { nodes, port, join: (javaOptions = []) => add({}, [joinDelay, ...javaOptions]), stop }
}
