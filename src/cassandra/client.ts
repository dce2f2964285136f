import { auth, Client, type DseClientOptions, errors, type metrics, type policies, types } from 'cassandra-driver'
import { type CassandraSettings } from '../config/settings.ts'
import { Fault } from '../model/faults.ts'
import { rememberConnectionErrors } from './connection-errors.ts'
import { closeReplacedHosts, controlConnectionOf, surviveCutRefreshes } from './control-connection.ts'
import { currentLogin } from '../net/credentials.ts'
import { unresolved } from '../net/unresolved.ts'
import { faultOf } from './faults.ts'
import { type SlowNodePolicies } from './slow-nodes.ts'
import { tlsOptions } from './tls.ts'

// Missing columns are sent as "unset", which protocol 3 (Cassandra before 2.2) does not support.
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

// It reads user and password from its own properties for each connection.
const authProviderOf = (login: CassandraSettings['login']): auth.AuthProvider =>
  Object.defineProperties(new auth.PlainTextAuthProvider('', ''), Object.getOwnPropertyDescriptors(currentLogin(login)))

const optionsOf = (
  { hosts, port, localDatacenter, login, tls, ...settings }: CassandraSettings,
  counts: metrics.ClientMetrics | undefined,
  slowNodes: SlowNodePolicies | undefined,
): DseClientOptions => ({
  contactPoints: [...hosts],
  localDataCenter: localDatacenter,
  protocolOptions: { port },
  ...(tls.enabled ? { sslOptions: tlsOptions(tls, hosts) } : {}),
  ...(login.username === undefined ? {} : { authProvider: authProviderOf(login) }),
  queryOptions: { consistency: consistencies[settings.consistency], prepare: true, isIdempotent: true },
  socketOptions: { readTimeout: settings.requestTimeoutMs, connectTimeout: 5000 },
  // Every statement has its own timestamp. The driver accepts null for no generator, but its types do not.
  policies: {
    timestampGeneration: null as unknown as policies.timestampGeneration.TimestampGenerator,
    ...slowNodes,
  },
  monitorReporting: { enabled: false },
  ...(counts === undefined ? {} : { metrics: counts }),
})

// If it resolves no address, the driver does not say which names failed.
const explained = async (error: unknown, hosts: readonly string[]): Promise<unknown> => {
  const names = error instanceof errors.NoHostAvailableError ? await unresolved(hosts) : []
  return names.length === 0
    ? faultOf(error)
    : new Fault('transient', `no node answers; cannot resolve ${names.join(', ')}: see ML_CASSANDRA_HOST`, error)
}

/**
 * Connects a client, which updates `counts`.
 *
 * @param slowNodes policies that keep a slow node from delaying all writes; by default the driver's own
 *
 * @throws Fault if no node answers or the credentials are wrong; the client of a failed attempt is closed
 */
export const connectCassandra = async (
  settings: CassandraSettings,
  counts?: metrics.ClientMetrics,
  slowNodes?: SlowNodePolicies,
): Promise<Client> => {
  const client = new Client(optionsOf(settings, counts, slowNodes))
  rememberConnectionErrors(client)
  surviveCutRefreshes(client)
  closeReplacedHosts(client)
  try {
    await client.connect()
    const { protocolVersion } = controlConnectionOf(client)
    if (protocolVersion < lowestProtocol) {
      throw new Fault(
        'misconfigured',
        `the server supports only protocol ${protocolVersion}, but the worker needs 4: use Cassandra 2.2 or later`,
      )
    }
    return client
  } catch (error) {
    await client.shutdown().catch(() => undefined)
    throw await explained(error, settings.hosts)
  }
}
