import { type Cassandra, newestCassandra, startCassandra } from '../servers/cassandra.ts'
import { type Broker, startKafka } from '../servers/kafka.ts'
import { freePort } from '../servers/ports.ts'
import { type Server } from '../servers/server.ts'
import { openProxy, type Proxy } from './proxy.ts'

/** Real servers, and the links through which the worker, and only the worker, talks to them. */
export interface Environment {
  /** Of the brokers themselves, for the rig's own clients. */
  readonly bootstrap: string
  readonly brokers: readonly Broker[]
  /** One a broker; a broker tells those who come through its link to come through the links. */
  readonly kafkaLinks: readonly Proxy[]
  readonly cassandra: Cassandra
  readonly cassandraLink: Proxy
  /** Everything runs and every link is good again. */
  mend(): Promise<void>
  /** Ends everything and removes its data. */
  close(): Promise<void>
}

const linkedListener = (port: number, controllerPort: number, backendPort: number, link: Proxy) => ({
  listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort},LINK://127.0.0.1:${backendPort}`,
  'advertised.listeners': `PLAINTEXT://127.0.0.1:${port},LINK://127.0.0.1:${link.port}`,
  'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,LINK:PLAINTEXT',
  'inter.broker.listener.name': 'PLAINTEXT',
})

const openLinks = (ports: readonly number[]): Promise<Proxy[]> =>
  Promise.all(ports.map(async port => openProxy(port, await freePort())))

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

/**
 * A write is on disk before it is acknowledged. As delivered, a single node that is killed loses what it acknowledged in
 * its last 100 ms (CASSANDRA-13987), which no client can mend and a cluster's other replicas would have.
 */
const durable = (version: string): Readonly<Record<string, string>> =>
  version.startsWith('3.')
    ? { commitlog_sync: 'batch', commitlog_sync_batch_window_in_ms: '2', commitlog_sync_period_in_ms: '0' }
    : { commitlog_sync: 'batch', commitlog_sync_period: '0ms' }

/** Starts one Cassandra and as many brokers, with a link to each. */
export const openEnvironment = async (
  brokerCount: number,
  versions: { readonly kafka?: string | undefined; readonly cassandra?: string | undefined } = {},
): Promise<Environment> => {
  const { cassandra = newestCassandra } = versions
  const backendPorts = await Promise.all(Array.from({ length: brokerCount }, () => freePort()))
  const kafkaLinks = await openLinks(backendPorts)
  const kafka = startKafka({
    brokers: brokerCount,
    ...(versions.kafka === undefined ? {} : { version: versions.kafka }),
    settings: ({ id, port, controllerPort }) => {
      const backendPort = backendPorts[id - 1]
      const link = kafkaLinks[id - 1]
      if (backendPort === undefined || link === undefined) throw new Error(`broker ${id} was not planned`)
      return { ...linkedListener(port, controllerPort, backendPort, link) }
    },
  })
  const started = await Promise.allSettled([
    kafka,
    startCassandra({ version: cassandra, settings: durable(cassandra) }),
  ])
  const [cluster, node] = started
  if (cluster.status === 'rejected' || node.status === 'rejected') {
    for (const one of started) if (one.status === 'fulfilled') await one.value.stop()
    await Promise.all(kafkaLinks.map(link => link.close()))
    throw started.find(one => one.status === 'rejected')?.reason
  }
  const [cassandraLink] = await openLinks([node.value.port])
  if (cassandraLink === undefined) throw new Error('no link')
  const links = [...kafkaLinks, cassandraLink]
  const { bootstrap, brokers } = cluster.value
  return {
    bootstrap,
    brokers,
    kafkaLinks,
    cassandra: node.value,
    cassandraLink,
    mend: async () => {
      for (const link of links) link.mend()
      await Promise.all([...brokers, node.value].map(mendServer))
    },
    close: async () => {
      await Promise.all([cluster.value.stop(), node.value.stop(), ...links.map(link => link.close())])
    },
  }
}
