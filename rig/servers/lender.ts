import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo } from 'node:net'
import { startCassandra } from './cassandra.ts'
import { type Product } from './jars.ts'
import { startKafka } from './kafka.ts'
import { type CassandraAddress } from './schema.ts'

/** The environment variable with the lender's address, for the test processes. */
export const lenderVariable = 'TEST_SERVERS'

/** The broker settings of lent clusters. The largest message is the same as in production. */
export const kafkaSettings = { 'message.max.bytes': '1572864' }

interface Running {
  readonly address: object
  stop(): Promise<void>
}

const start: Record<Product, (version: string) => Promise<Running>> = {
  kafka: async version => {
    const cluster = await startKafka({ version, settings: kafkaSettings })
    return { address: { bootstrap: cluster.bootstrap }, stop: () => cluster.stop() }
  },
  cassandra: async version => {
    const node = await startCassandra({ version })
    const { contactPoint, port, localDataCenter } = node
    const address: CassandraAddress = { contactPoint, port, localDataCenter }
    return { address, stop: () => node.stop() }
  },
}

export interface Lender {
  /** The value of `lenderVariable` for test processes. */
  readonly url: string
  /** Stops all servers and removes their data. */
  stop(): Promise<void>
}

/** Starts each server when a test process first asks for it, and lends it to all test processes of one run. */
export const openLender = async (): Promise<Lender> => {
  const started = new Map<string, Promise<Running>>()
  const running = (product: Product, version: string): Promise<Running> => {
    const name = `${product}/${version}`
    const found = started.get(name) ?? start[product](version)
    started.set(name, found)
    return found
  }
  const http = createServer((request, response) => {
    const [, product = '', version = ''] = request.url?.split('/') ?? []
    running(product as Product, version).then(
      ({ address }) => response.end(JSON.stringify(address)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  }).listen(0, '127.0.0.1')
  await once(http, 'listening')
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    stop: async () => {
      http.close()
      http.closeAllConnections()
      await Promise.allSettled([...started.values()].map(async server => (await server).stop()))
    },
  }
}
