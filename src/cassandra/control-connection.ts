import { type Client } from 'cassandra-driver'

interface ControlConnection {
  _refresh(hosts?: Iterator<unknown>): Promise<void>
}

/**
 * Lets the worker live when its control connection is cut while it is being refreshed. A second refresh begins then and
 * takes the connection out of the first one's hands, which trips over that in its handler of errors (4.10.0,
 * control-connection.js, _refresh): a rejection that nobody catches where a timer has begun it, and the process ends.
 * The second one goes on.
 */
export const surviveCutRefreshes = (client: Client): void => {
  const { controlConnection } = client as unknown as { controlConnection: ControlConnection }
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
