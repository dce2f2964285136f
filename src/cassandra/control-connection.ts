import { type Client } from 'cassandra-driver'
import { type EventEmitter } from 'node:events'

interface Host {
  readonly pool: { isClosing(): boolean }
  shutdown(waitForPending: boolean): Promise<void>
}

interface ControlConnection {
  readonly protocolVersion: number
  readonly hosts: EventEmitter
  _refresh(hosts?: Iterator<unknown>): Promise<void>
}

/** What the driver keeps to itself (4.10.0). */
export const controlConnectionOf = (client: Client): ControlConnection =>
  (client as unknown as { controlConnection: ControlConnection }).controlConnection

/**
 * Lets the worker live when its control connection is cut while it is being refreshed. A second refresh begins then and
 * takes the connection out of the first one's hands, which trips over that in its handler of errors (4.10.0,
 * control-connection.js, _refresh): a rejection that nobody catches where a timer has begun it, and the process ends.
 * The second one goes on.
 */
export const surviveCutRefreshes = (client: Client): void => {
  const controlConnection = controlConnectionOf(client)
  const refresh = controlConnection._refresh.bind(controlConnection)
  controlConnection._refresh = async hosts => {
    try {
      await refresh(hosts)
    } catch (error) {
      // As a text: an error in the log is taken for the reason why no host answers.
      client.emit('log', 'warning', 'ControlConnection', 'a refresh was overtaken by another', String(error))
    }
  }
}

/**
 * Closes what the driver forgets: when no node can be reached it looks its contact points up anew and puts new hosts in
 * the place of those that it knew (4.10.0, control-connection.js, _setLocalInfo). The old ones connect again by
 * themselves, to a connection that nobody uses and nothing closes, not even the client's own end: one more an outage.
 */
export const closeReplacedHosts = (client: Client): void => {
  controlConnectionOf(client).hosts.on('remove', (host: Host) => {
    // Whoever is closing already was removed in order.
    if (!host.pool.isClosing()) void host.shutdown(false)
  })
}
