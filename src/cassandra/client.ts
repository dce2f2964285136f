import { auth, Client, type DseClientOptions, errors, type metrics, type policies, types } from 'cassandra-driver'
import { type CassandraSettings } from '../config/settings.ts'
import { Fault } from '../model/faults.ts'
import { rememberConnectionErrors } from './connection-errors.ts'
import { closeReplacedHosts, controlConnectionOf, surviveCutRefreshes } from './control-connection.ts'
import { currentLogin } from '../net/credentials.ts'
import { unresolved } from '../net/unresolved.ts'
import { faultOf } from './faults.ts'
import { tlsOptions } from './tls.ts'

// Columns left out are sent as "unset", which protocol 3 (Cassandra before 2.2) cannot say.
const lowestProtocol = 4

const consistencies = {
  LOCAL_QUORUM: types.consistencies.localQuorum,
  LOCAL_ONE: types.consistencies.localOne,
  QUORUM: types.consistencies.quorum,
  ONE: types.consistencies.one,
  ALL: types.consistencies.all,
  EACH_QUORUM: types.consistencies.eachQuorum,
  TWO: types.consistencies.two,
  THREE: types.consistencies.three,
} as const

// It takes user and password from itself for each connection.
const authProviderOf = (login: CassandraSettings['login']): auth.AuthProvider =>
  Object.defineProperties(new auth.PlainTextAuthProvider('', ''), Object.getOwnPropertyDescriptors(currentLogin(login)))

const optionsOf = (
  { hosts, port, localDatacenter, login, tls, ...settings }: CassandraSettings,
  counts: metrics.ClientMetrics | undefined,
): DseClientOptions => ({
  contactPoints: [...hosts],
  localDataCenter: localDatacenter,
  protocolOptions: { port },
  ...(tls.enabled ? { sslOptions: tlsOptions(tls, hosts) } : {}),
  ...(login.username === undefined ? {} : { authProvider: authProviderOf(login) }),
  queryOptions: { consistency: consistencies[settings.consistency], prepare: true, isIdempotent: true },
  socketOptions: { readTimeout: settings.requestTimeoutMs, connectTimeout: 5000 },
  // Every statement carries its own timestamp. The driver takes null for no generator, its types do not.
  policies: { timestampGeneration: null as unknown as policies.timestampGeneration.TimestampGenerator },
  monitorReporting: { enabled: false },
  ...(counts === undefined ? {} : { metrics: counts }),
})

// Without a single address the driver does not say which names it could not resolve.
const explained = async (error: unknown, hosts: readonly string[]): Promise<unknown> => {
  const names = error instanceof errors.NoHostAvailableError ? await unresolved(hosts) : []
  return names.length === 0
    ? faultOf(error)
    : new Fault('transient', `no host answers; cannot be resolved: ${names.join(', ')}; see ML_CASSANDRA_HOST`, error)
}

/**
 * A connected client, which counts its own doings in `counts`.
 *
 * @throws Fault when no host answers or the credentials are refused; the client of a failed attempt is closed.
 */
export const connectCassandra = async (
  settings: CassandraSettings,
  counts?: metrics.ClientMetrics,
): Promise<Client> => {
  const client = new Client(optionsOf(settings, counts))
  rememberConnectionErrors(client)
  surviveCutRefreshes(client)
  closeReplacedHosts(client)
  try {
    await client.connect()
    const { protocolVersion } = controlConnectionOf(client)
    if (protocolVersion < lowestProtocol) {
      throw new Fault(
        'misconfigured',
        `the server speaks protocol ${protocolVersion}, it takes 4: Cassandra 2.2 or later`,
      )
    }
    return client
  } catch (error) {
    await client.shutdown().catch(() => undefined)
    throw await explained(error, settings.hosts)
  }
}
