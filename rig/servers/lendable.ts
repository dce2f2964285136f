import { neverRestarted, startCassandra } from './cassandra.ts'
import { type Product } from './jars.ts'
import { startKafka } from './kafka.ts'
import { freePort } from './ports.ts'
import { type CassandraAddress } from './cql-client.ts'

export interface KafkaAddress {
  readonly bootstrap: string
  /** Another listener of the same broker, which advertises an address where nothing listens. */
  readonly misleading: { readonly bootstrap: string; readonly advertised: string }
}

/** A server that tests share. */
export interface Lendable<Address> {
  readonly address: Address
  readonly stop: () => Promise<void>
}

/** The largest message is the same as in production. */
const startLendableKafka = async (version: string): Promise<Lendable<KafkaAddress>> => {
  const [misleading, nowhere] = [await freePort(), await freePort()]
  const cluster = await startKafka({
    version,
    settings: ({ host, port, controllerPort }) => ({
      'message.max.bytes': '1572864',
      listeners: `PLAINTEXT://${host}:${port},MISLEADING://${host}:${misleading},CONTROLLER://${host}:${controllerPort}`,
      'advertised.listeners': `PLAINTEXT://${host}:${port},MISLEADING://${host}:${nowhere}`,
      'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,MISLEADING:PLAINTEXT,CONTROLLER:PLAINTEXT',
      'inter.broker.listener.name': 'PLAINTEXT',
    }),
  })
  const address = {
    bootstrap: cluster.bootstrap,
    misleading: { bootstrap: `127.0.0.1:${misleading}`, advertised: `127.0.0.1:${nowhere}` },
  }
  return { address, stop: () => cluster.stop() }
}

const startLendableCassandra = async (version: string): Promise<Lendable<CassandraAddress>> => {
  const node = await startCassandra({ version, javaOptions: neverRestarted })
  const { contactPoint, port, localDataCenter } = node
  return { address: { contactPoint, port, localDataCenter }, stop: () => node.stop() }
}

export const startLendable = {
  kafka: startLendableKafka,
  cassandra: startLendableCassandra,
} satisfies Record<Product, (version: string) => Promise<Lendable<object>>>
