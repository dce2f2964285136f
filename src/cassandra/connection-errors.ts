import { type Client, errors } from 'cassandra-driver'
import { faultOf } from './faults.ts'

const lastErrors = new WeakMap<Client, errors.NoHostAvailableError>()

const isBare = ({ innerErrors }: errors.NoHostAvailableError): boolean =>
  Object.keys(innerErrors as object).length === 0

/**
 * Remembers why the driver could not connect, which it only logs. While it knows no node to be up, a request fails with "no
 * host" and without a reason (4.10, request-handler.js).
 */
export const rememberConnectionErrors = (client: Client): void => {
  client.on('log', (_level: string, _source: string, _message: string, info: unknown) => {
    if (!(info instanceof Error)) return
    const last =
      info instanceof errors.NoHostAvailableError ? info : new errors.NoHostAvailableError({ 'last tried': info })
    if (!isBare(last)) lastErrors.set(client, last)
  })
}

/** The fault of a request. If no node is known to be up, it has the reason of the last failed connection. */
export const requestFault = (client: Client, error: unknown): unknown =>
  faultOf(error instanceof errors.NoHostAvailableError && isBare(error) ? (lastErrors.get(client) ?? error) : error)
