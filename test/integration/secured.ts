import { Client, auth } from 'cassandra-driver'
import { Kafka, logLevel } from 'kafkajs'
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Stream } from '../../src/stream/definition.ts'
import { openProxy, type Proxy } from '../../rig/faults/proxy.ts'
import { type Cassandra, neverRestarted, startCassandra } from '../../rig/servers/cassandra.ts'
import { type KafkaCluster, startKafka } from '../../rig/servers/kafka.ts'
import { type BrokerPlan, type BrokerSettings } from '../../rig/servers/kafka-settings.ts'
import { freePort } from '../../rig/servers/ports.ts'
import { schemaStatements } from '../../rig/servers/schema.ts'
import { createTopics } from '../../rig/servers/topics.ts'
import { type Identity, newAuthority } from './certificates.ts'
import { eventually } from '../../rig/eventually.ts'
import { makeScramUser } from './scram-users.ts'

export const user = 'worker'
/** These must never appear in any output. */
export const passwords = { kafka: 'marker-of-kafka-8261', cassandra: 'marker-of-cassandra-5917' }

/**
 * - `LOGIN` accepts PLAIN and both kinds of SCRAM, `SCRAM512` only SCRAM-SHA-512.
 * - `MUTUAL` requires a client certificate.
 * - `STRANGER` has the certificate of another host.
 */
export type Listener = 'LOGIN' | 'SCRAM512' | 'MUTUAL' | 'STRANGER'

const plainLogin =
  'org.apache.kafka.common.security.plain.PlainLoginModule required ' + `user_${user}="${passwords.kafka}";`
const scramLogin = 'org.apache.kafka.common.security.scram.ScramLoginModule required;'

const protocols = { LOGIN: 'SASL_SSL', SCRAM512: 'SASL_SSL', MUTUAL: 'SSL', STRANGER: 'SSL' } as const

/** Writes the files that servers and workers read; returns their paths. */
const writeFiles = async (folder: string) => {
  const write = async (name: string, content: string): Promise<string> => {
    const path = join(folder, name)
    await writeFile(path, content, { mode: 0o600 })
    return path
  }
  // Java reads the key and the certificate from one file.
  const store = ({ key, cert }: Identity): string => key + cert
  const authority = newAuthority('the authority of the tests')
  const client = authority.issue('worker', 'worker.invalid')
  return {
    ca: await write('ca.pem', authority.ca),
    otherCa: await write('other-ca.pem', newAuthority('another authority').ca),
    kafkaStore: await write('kafka.pem', store(authority.issue('kafka', 'localhost', '127.0.0.1'))),
    expiredKafkaStore: await write(
      'expired-kafka.pem',
      store(authority.issueExpired('kafka', 'localhost', '127.0.0.1')),
    ),
    // Like most certificates, it has no addresses, although the driver connects only to addresses.
    cassandraStore: await write('cassandra.pem', store(authority.issue('cassandra', 'localhost'))),
    strangerStore: await write('stranger.pem', store(authority.issue('stranger', 'kafka.elsewhere.invalid'))),
    cert: await write('client.crt', client.cert),
    key: await write('client.key', client.key),
    kafkaPassword: await write('kafka-password', `${passwords.kafka}\n`),
    cassandraPassword: await write('cassandra-password', `${passwords.cassandra}\n`),
  }
}

type Files = Awaited<ReturnType<typeof writeFiles>>
type Ports = Readonly<Record<Listener, number>>

const listenerSettings = ({ host, port, controllerPort }: BrokerPlan, ports: Ports, files: Files): BrokerSettings => {
  const names = Object.keys(ports) as Listener[]
  const secured = names.map(name => `${name}://${host}:${ports[name]}`)
  const advertised = names.map(name => `${name}://${name === 'MUTUAL' ? host : 'localhost'}:${ports[name]}`)
  const login = 'listener.name.login'
  return {
    listeners: [`PLAINTEXT://${host}:${port}`, `CONTROLLER://${host}:${controllerPort}`, ...secured].join(),
    'advertised.listeners': [`PLAINTEXT://${host}:${port}`, ...advertised].join(),
    'listener.security.protocol.map': [
      ...['PLAINTEXT:PLAINTEXT', 'CONTROLLER:PLAINTEXT'],
      ...names.map(name => `${name}:${protocols[name]}`),
    ].join(),
    'inter.broker.listener.name': 'PLAINTEXT',
    // Everybody may use what has no ACL.
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'allow.everyone.if.no.acl.found': 'true',
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': files.kafkaStore,
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': files.ca,
    [`${login}.sasl.enabled.mechanisms`]: 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    [`${login}.plain.sasl.jaas.config`]: plainLogin,
    [`${login}.scram-sha-256.sasl.jaas.config`]: scramLogin,
    [`${login}.scram-sha-512.sasl.jaas.config`]: scramLogin,
    'listener.name.scram512.sasl.enabled.mechanisms': 'SCRAM-SHA-512',
    'listener.name.scram512.scram-sha-512.sasl.jaas.config': scramLogin,
    'listener.name.mutual.ssl.client.auth': 'required',
    'listener.name.stranger.ssl.keystore.type': 'PEM',
    'listener.name.stranger.ssl.keystore.location': files.strangerStore,
  }
}

const startSecuredKafka = async (files: Files, stream: Stream, env: string) => {
  const named = (topic: string): string => topic.replace('{{env}}', env)
  const [LOGIN, SCRAM512, MUTUAL, STRANGER] = await Promise.all([freePort(), freePort(), freePort(), freePort()])
  const ports = { LOGIN, SCRAM512, MUTUAL, STRANGER }
  const cluster = await startKafka({ settings: broker => listenerSettings(broker, ports, files) })
  const [broker] = cluster.brokers
  if (broker === undefined) throw new Error('no broker')
  await makeScramUser(broker, user, passwords.kafka)
  await createTopics(cluster.bootstrap, {
    [named(stream.defaults.topic)]: 1,
    [named(stream.defaults.deadLetterTopic)]: 1,
  })
  return { cluster, ports }
}

const superuser = async (node: Cassandra): Promise<Client> => {
  const client = new Client({
    contactPoints: [node.contactPoint],
    protocolOptions: { port: node.port },
    localDataCenter: node.localDataCenter,
    authProvider: new auth.PlainTextAuthProvider('cassandra', 'cassandra'),
  })
  try {
    await client.connect()
    return client
  } catch (error) {
    await client.shutdown()
    throw error
  }
}

const startSecuredCassandra = async (files: Files, stream: Stream) => {
  const tlsPort = await freePort()
  const node = await startCassandra({
    javaOptions: neverRestarted,
    settings: {
      authenticator: 'PasswordAuthenticator',
      authorizer: 'CassandraAuthorizer',
      // Grants, revokes and changes take effect at once.
      permissions_validity: '0ms',
      credentials_validity: '0ms',
      roles_validity: '0ms',
      // The plain port is for the startup check and for creating users.
      native_transport_port_ssl: String(tlsPort),
      client_encryption_options: JSON.stringify({
        enabled: true,
        optional: false,
        require_client_auth: true,
        ssl_context_factory: { class_name: 'org.apache.cassandra.security.PEMBasedSslContextFactory' },
        keystore: files.cassandraStore,
        truststore: files.ca,
      }),
    },
  })
  const { keyspace, table } = stream.defaults
  const cql = await eventually('the first user exists, which the node creates after its start', () => superuser(node))
  const statements = [
    ...schemaStatements({ keyspace, table, definition: stream.table }),
    `CREATE ROLE ${user} WITH PASSWORD = '${passwords.cassandra}' AND LOGIN = true`,
    `GRANT SELECT ON TABLE ${keyspace}.${table} TO ${user}`,
    `GRANT MODIFY ON TABLE ${keyspace}.${table} TO ${user}`,
  ]
  for (const statement of statements) await cql.execute(statement)
  return { node, cql, tlsPort, link: await openProxy({ port: tlsPort }, await freePort()) }
}

/** Both servers, with a port for each security configuration, and the topics and the table of one stream. */
export class SecuredServers {
  readonly files: Files
  readonly cassandraPort: number
  /** The same port behind a link that `cutCassandra` cuts. */
  readonly cassandraLinkPort: number
  readonly cassandraPlainPort: number
  readonly kafka: Kafka
  readonly cql: Client
  readonly #ports: Ports
  readonly #cluster: KafkaCluster
  readonly #node: Cassandra
  readonly #cassandraLink: Proxy
  readonly #folder: string

  private constructor(
    folder: string,
    files: Files,
    { cluster, ports }: Awaited<ReturnType<typeof startSecuredKafka>>,
    { node, cql, tlsPort, link }: Awaited<ReturnType<typeof startSecuredCassandra>>,
  ) {
    this.#folder = folder
    this.files = files
    this.#cluster = cluster
    this.#ports = ports
    this.#node = node
    this.cql = cql
    this.#cassandraLink = link
    this.cassandraPort = tlsPort
    this.cassandraLinkPort = link.port
    this.cassandraPlainPort = node.port
    this.kafka = new Kafka({ brokers: [cluster.bootstrap], logLevel: logLevel.NOTHING })
  }

  static async start(stream: Stream, env: string): Promise<SecuredServers> {
    const folder = await mkdtemp(join(tmpdir(), 'sunbird-secured-'))
    const files = await writeFiles(folder)
    return new SecuredServers(
      folder,
      files,
      ...(await Promise.all([startSecuredKafka(files, stream, env), startSecuredCassandra(files, stream)])),
    )
  }

  /** `host:port` of a listener, or of the one without security. */
  broker(listener: Listener | 'PLAINTEXT', host = 'localhost'): string {
    return listener === 'PLAINTEXT' ? this.#cluster.bootstrap : `${host}:${this.#ports[listener]}`
  }

  /** Closes every connection through the link, so that clients have to log in again. */
  cutCassandra(): void {
    this.#cassandraLink.cut()
  }

  /** Sets a guardrail of the running Cassandra. Guardrails do not apply to superusers. */
  async setGuardrail(
    name: 'UserTimestampsEnabled' | 'WriteConsistencyLevelsDisallowedCSV',
    value: string,
  ): Promise<void> {
    const bean = 'org.apache.cassandra.db:type=Guardrails'
    await this.#node.nodetool('sjk', 'mx', '-b', bean, '-ms', '-f', name, '-v', value)
  }

  /** Gives the broker an expired certificate while `during` runs, then the valid one again. */
  async withExpiredKafka(during: () => Promise<void>): Promise<void> {
    const [broker] = this.#cluster.brokers
    if (broker === undefined) throw new Error('no broker')
    const good = await readFile(this.files.kafkaStore)
    await copyFile(this.files.expiredKafkaStore, this.files.kafkaStore)
    try {
      await broker.restart()
      await during()
    } finally {
      await writeFile(this.files.kafkaStore, good)
      await broker.restart()
    }
  }

  async stop(): Promise<void> {
    await this.cql.shutdown()
    await Promise.all([this.#cluster.stop(), this.#node.stop(), this.#cassandraLink.close()])
    await rm(this.#folder, { recursive: true, force: true })
  }
}
