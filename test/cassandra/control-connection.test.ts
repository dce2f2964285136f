import assert from 'node:assert/strict'
import { Client } from 'cassandra-driver'
import { describe, test } from 'node:test'
import { surviveCutRefreshes } from '../../src/cassandra/control-connection.ts'

interface Refreshing {
  connection: object | null
  _refresh(): Promise<void>
  _refreshControlConnection(): Promise<void>
  _refreshHosts(): Promise<void>
}

/** A client, never connected, whose control connection is taken away while it refreshes what it knows of the hosts. */
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
  test('makes the driver by itself reject where nobody catches it', async () => {
    const control = cutWhileRefreshing(newClient())
    await assert.rejects(control._refresh(), TypeError)
  })

  test('is left to the refresh that goes on, and told to the log', async () => {
    const client = newClient()
    const lines: string[] = []
    client.on('log', (level: string, source: string, message: string) => lines.push(`${level} ${source} ${message}`))
    surviveCutRefreshes(client)
    await cutWhileRefreshing(client)._refresh()
    assert.ok(lines.includes('warning ControlConnection a refresh was overtaken by another'))
  })
})
