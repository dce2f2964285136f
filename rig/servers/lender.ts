import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo } from 'node:net'
import { type Product } from './jars.ts'
import { type Lendable, startLendable } from './lendable.ts'

/** The environment variable with the lender's address, for the test processes. */
export const lenderVariable = 'TEST_SERVERS'

export interface Lender {
  /** The value of `lenderVariable` for test processes. */
  readonly url: string
  /** Stops all servers and removes their data. */
  stop(): Promise<void>
}

/** Starts each server when a test process first asks for it, and lends it to all test processes of one run. */
export const openLender = async (): Promise<Lender> => {
  const started = new Map<string, Promise<Lendable<object>>>()
  const running = (product: Product, version: string): Promise<Lendable<object>> => {
    const name = `${product}/${version}`
    const found = started.get(name) ?? startLendable[product](version)
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
