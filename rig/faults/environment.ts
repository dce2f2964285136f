import { type Cassandra, newestCassandra, startCassandra } from '../servers/cassandra.ts'
import { isThree } from '../servers/cassandra-settings.ts'
import { type Broker, startKafka } from '../servers/kafka.ts'
import { nodeAddress, startCassandraCluster } from '../servers/cassandra-cluster.ts'
import { freePort } from '../servers/ports.ts'
import { type Server } from '../servers/server.ts'
import { openProxy, type Proxy } from './proxy.ts'
import { TopicReader } from './topic-reader.ts'

/** Real servers, and the links that only the worker uses to connect to them. */
export interface Environment {
  /** The brokers' own addresses, for the rig's clients. */
  readonly bootstrap: string
  readonly brokers: readonly Broker[]
  /** One for each broker. A broker advertises the links to clients that use its link. */
  readonly kafkaLinks: readonly Proxy[]
  /** The first node. */
  readonly cassandra: Cassandra
  /** The current nodes; `addNode` and `removeNode` change them. */
  readonly cassandraNodes: readonly Cassandra[]
  /** To the first node. */
  readonly cassandraLink: Proxy
  /** One for each node, which advertises it to drivers. */
  readonly cassandraLinks: readonly Proxy[]
  /** Reads the topics. */
  readonly topics: TopicReader
  /** Adds a node to a cluster, with its link, and waits until it has its share of the data. */
  addNode(javaOptions?: readonly string[]): Promise<Cassandra>
  /** Removes a node that has left its cluster or has been replaced, with its link. */
  removeNode(node: Cassandra): Promise<void>
  /** Restores all servers and links. */
  mend(): Promise<void>
  /** Stops everything and removes its data. */
  close(): Promise<void>
}

const linkedListener = (port: number, controllerPort: number, backendPort: number, link: Proxy) => ({
  listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort},LINK://127.0.0.1:${backendPort}`,
  'advertised.listeners': `PLAINTEXT://127.0.0.1:${port},LINK://127.0.0.1:${link.port}`,
  'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,LINK:PLAINTEXT',
  'inter.broker.listener.name': 'PLAINTEXT',
})

const openLinks = (ports: readonly number[]): Promise<Proxy[]> =>
  Promise.all(ports.map(async port => openProxy({ port }, await freePort())))

const running = (server: Server): boolean => {
  try {
    return server.pid > 0
  } catch {
    return false
  }
}

const mendServer = async (server: Server): Promise<void> => {
  server.resume()
  if (!running(server)) await server.start()
}

type Settings = Readonly<Record<string, string>>

/**
 * A write is on disk before it is acknowledged. By default, a killed single node loses writes that it acknowledged in the last
 * 100 ms (CASSANDRA-13987). No client can repair that; in a cluster the other replicas have them.
 */
const durable = (version: string): Settings =>
  isThree(version)
    ? { commitlog_sync: 'batch', commitlog_sync_batch_window_in_ms: '2', commitlog_sync_period_in_ms: '0' }
    : { commitlog_sync: 'batch', commitlog_sync_period: '0ms' }

/** Hints are on disk soon, so that a node that was down has all rows soon after. */
const soonHints = (version: string): Settings =>
  isThree(version) ? { hints_flush_period_in_ms: '1000' } : { hints_flush_period: '1s' }

/** The number of servers, and their versions. */
export interface EnvironmentOptions {
  readonly brokers: number
  /** Cassandra nodes; with three, each row has three replicas. */
  readonly nodes?: 1 | 3
  readonly kafka?: string | undefined
  readonly cassandra?: string | undefined
  /** Further JVM options of each Cassandra node. */
  readonly javaOptions?: readonly string[]
}

interface LinkedNodes {
  readonly nodes: Cassandra[]
  readonly links: Proxy[]
  add(javaOptions: readonly string[]): Promise<Cassandra>
  stop(): Promise<void>
}

const startNode = async (version: string, javaOptions: readonly string[]): Promise<LinkedNodes> => {
  const node = await startCassandra({ version, javaOptions, settings: durable(version) })
  const add = (): Promise<never> => Promise.reject(new Error('a single node forms no cluster'))
  return { nodes: [node], links: await openLinks([node.port]), add, stop: () => node.stop() }
}

const linkAddress = (node: number): string => `127.0.0.${21 + node}`

const startNodes = async (version: string, count: number, javaOptions: readonly string[]): Promise<LinkedNodes> => {
  const settings = { ...durable(version), ...soonHints(version) }
  const node = { version, javaOptions, broadcastAddress: linkAddress, settings }
  const cluster = await startCassandraCluster({ ...node, nodes: count })
  const { port } = cluster
  const openLink = (node: number): Promise<Proxy> =>
    openProxy({ address: nodeAddress(node), port }, port, linkAddress(node))
  const links = await Promise.all(cluster.nodes.map((_, node) => openLink(node)))
  const nodes = [...cluster.nodes]
  const add = async (javaOptions: readonly string[]): Promise<Cassandra> => {
    // Open before the node starts, because drivers connect as soon as it is in the ring.
    const link = await openLink(cluster.nodes.length)
    try {
      const node = await cluster.join(javaOptions)
      nodes.push(node)
      links.push(link)
      return node
    } catch (error) {
      await link.close()
      throw error
    }
  }
  return { nodes, links, add, stop: () => cluster.stop() }
}

const startBrokers = async (backendPorts: readonly number[], links: readonly Proxy[], version: string | undefined) =>
  startKafka({
    brokers: backendPorts.length,
    ...(version === undefined ? {} : { version }),
    settings: ({ id, port, controllerPort }) => {
      const backendPort = backendPorts[id - 1]
      const link = links[id - 1]
      if (backendPort === undefined || link === undefined) throw new Error(`unexpected broker ${id}`)
      return { ...linkedListener(port, controllerPort, backendPort, link) }
    },
  })

/** Starts Cassandra and this number of brokers, with a link to each node and broker. */
export const openEnvironment = async (options: EnvironmentOptions): Promise<Environment> => {
  const { nodes: nodeCount = 1, cassandra: version = newestCassandra, javaOptions = [] } = options
  const backendPorts = await Promise.all(Array.from({ length: options.brokers }, () => freePort()))
  const kafkaLinks = await openLinks(backendPorts)
  const started = await Promise.allSettled([
    startBrokers(backendPorts, kafkaLinks, options.kafka),
    nodeCount === 1 ? startNode(version, javaOptions) : startNodes(version, nodeCount, javaOptions),
  ])
  const [cluster, linked] = started
  if (cluster.status === 'rejected' || linked.status === 'rejected') {
    for (const one of started) if (one.status === 'fulfilled') await one.value.stop()
    await Promise.all(kafkaLinks.map(link => link.close()))
    throw started.find(one => one.status === 'rejected')?.reason
  }
  const { nodes, links: cassandraLinks } = linked.value
  const [cassandra, cassandraLink] = [nodes[0], cassandraLinks[0]]
  if (cassandra === undefined || cassandraLink === undefined) throw new Error('no node')
  const topics = new TopicReader()
  const links = (): Proxy[] => [...kafkaLinks, ...cassandraLinks]
  const { bootstrap, brokers } = cluster.value
  return {
    ...{ bootstrap, brokers, kafkaLinks, cassandra, cassandraNodes: nodes, cassandraLink, cassandraLinks, topics },
    addNode: (javaOptions = []) => linked.value.add(javaOptions),
    removeNode: async node => {
      const at = nodes.indexOf(node)
      if (at < 0) throw new Error(`${node.contactPoint} is not one of the nodes`)
      nodes.splice(at, 1)
      await Promise.all([node.kill(), ...cassandraLinks.splice(at, 1).map(link => link.close())])
    },
    mend: async () => {
      for (const link of links()) link.mend()
      await Promise.all(brokers.map(mendServer))
      // In sequence, because two nodes must not join a ring at the same time.
      for (const node of nodes) await mendServer(node)
    },
    close: async () => {
      await Promise.all([
        topics.close(),
        cluster.value.stop(),
        linked.value.stop(),
        ...links().map(link => link.close()),
      ])
    },
  }
}
