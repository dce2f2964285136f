import assert from 'node:assert/strict'
import { Client } from 'cassandra-driver'
import { createRequire } from 'node:module'
import { describe, test } from 'node:test'
import { closeReplacedHosts, surviveCutRefreshes } from '../../src/cassandra/control-connection.ts'

interface Refreshing {
  connection: object | null
  _refresh(): Promise<void>
  _refreshControlConnection(): Promise<void>
  _refreshHosts(): Promise<void>
}

/** A client that never connects. Its control connection is removed while it refreshes its host list. */
const cutWhileRefreshing = (client: Client): Refreshing => {
  const { controlConnection } = client as unknown as { controlConnection: Refreshing }
  controlConnection._refreshControlConnection = () => {
    controlConnection.connection = { endpoint: '127.0.0.1:9042' }
    return Promise.resolve()
  }
  controlConnection._refreshHosts = () => {
    controlConnection.connection = null
    return Promise.reject(new Error('the socket was closed'))
  }
  return controlConnection
}

const newClient = (): Client => new Client({ contactPoints: ['127.0.0.1'], localDataCenter: 'any' })

describe('a control connection that is cut while it is refreshed', () => {
  test('makes the unpatched driver reject without a handler', async () => {
    const control = cutWhileRefreshing(newClient())
    await assert.rejects(control._refresh(), TypeError)
  })

  test('leaves it to the other refresh, and logs it', async () => {
    const client = newClient()
    const lines: string[] = []
    client.on('log', (level: string, source: string, message: string) => lines.push(`${level} ${source} ${message}`))
    surviveCutRefreshes(client)
    await cutWhileRefreshing(client)._refresh()
    assert.ok(lines.includes('warning ControlConnection a refresh was overtaken by another'))
  })
})

describe('a host that the driver replaces when it resolves its contact points again', () => {
  interface Pool {
    isClosing(): boolean
  }
  type NewHost = new (address: string, protocol: number, options: object, metadata: object) => { readonly pool: Pool }
  const { Host } = createRequire(import.meta.url)('cassandra-driver/lib/host.js') as { Host: NewHost }

  /** The pool of the first of two hosts of one address. */
  const replaced = (client: Client): Pool => {
    const { options, metadata, controlConnection } = client as unknown as {
      options: object
      metadata: object
      controlConnection: { hosts: { set(address: string, host: object): void } }
    }
    const [first, second] = [1, 2].map(() => new Host('127.0.0.1:9042', 4, options, metadata))
    assert.ok(first !== undefined && second !== undefined)
    controlConnection.hosts.set('127.0.0.1:9042', first)
    controlConnection.hosts.set('127.0.0.1:9042', second)
    return first.pool
  }

  test('keeps its connections, and opens new ones, without the patch', () => {
    assert.equal(replaced(newClient()).isClosing(), false)
  })

  test('is closed for good', () => {
    const client = newClient()
    closeReplacedHosts(client)
    assert.equal(replaced(client).isClosing(), true)
  })
})
