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

/** An internal of the driver (4.10.0). */
export const controlConnectionOf = (client: Client): ControlConnection =>
  (client as unknown as { controlConnection: ControlConnection }).controlConnection

/**
 * Prevents a crash if the control connection is cut during a refresh. A second refresh then starts and replaces the
 * connection, and the error handler of the first one fails (4.10.0, control-connection.js, _refresh). If a timer started it,
 * nobody catches the rejection, and the process ends. The second refresh continues.
 */
export const surviveCutRefreshes = (client: Client): void => {
  const controlConnection = controlConnectionOf(client)
  const refresh = controlConnection._refresh.bind(controlConnection)
  controlConnection._refresh = async hosts => {
    try {
      await refresh(hosts)
    } catch (error) {
      // As text, because an error in the log would count as the reason why no node answers.
      client.emit('log', 'warning', 'ControlConnection', 'a refresh was overtaken by another', String(error))
    }
  }
}

/**
 * Closes hosts that the driver forgets. If it can reach no node, it resolves its contact points again and replaces its hosts
 * (4.10.0, control-connection.js, _setLocalInfo). The old hosts reconnect, and their connections are neither used nor closed:
 * one more after each outage.
 */
export const closeReplacedHosts = (client: Client): void => {
  controlConnectionOf(client).hosts.on('remove', (host: Host) => {
    // A host that is closing was removed properly.
    if (!host.pool.isClosing()) void host.shutdown(false)
  })
}
