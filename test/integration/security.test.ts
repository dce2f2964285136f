import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { after, before, describe, test } from 'node:test'
import kafkajs from 'kafkajs'
import { loadStream } from '../../src/stream/load.ts'
import { eventually } from '../../rig/eventually.ts'
import { command } from './command.ts'
import { passwords, SecuredServers, user } from './secured.ts'
import { type Env, killWorkers, Worker } from './worker.ts'

// The client is a CommonJS module without these named exports.
const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs

const env = 'secured'

const event = {
  programId: 'p',
  userId: 'u',
  programExternalId: 'PGM-1',
  programName: 'Read Together',
  requestForPIIConsent: true,
  createdAt: '2023-07-27T04:12:18.511Z',
  updatedAt: '2023-07-27T04:12:18.511Z',
}

/** Settings for these servers; an empty one counts as not set. */
type Configured = (servers: SecuredServers) => Env

const plainKafka: Configured = servers => ({ KAFKA_BROKER_SERVERS: servers.broker('PLAINTEXT') })

const login =
  (mechanism: string, more: Configured = () => ({})): Configured =>
  servers => ({
    KAFKA_BROKER_SERVERS: servers.broker('LOGIN'),
    KAFKA_TLS: 'true',
    KAFKA_TLS_CA_FILE: servers.files.ca,
    KAFKA_SASL_MECHANISM: mechanism,
    KAFKA_SASL_USERNAME: user,
    KAFKA_SASL_PASSWORD_FILE: servers.files.kafkaPassword,
    ...more(servers),
  })

const noLogin = { KAFKA_SASL_MECHANISM: 'none', KAFKA_SASL_USERNAME: '', KAFKA_SASL_PASSWORD_FILE: '' }

const mutual =
  (more: Configured = () => ({})): Configured =>
  servers => ({
    KAFKA_BROKER_SERVERS: servers.broker('MUTUAL'),
    KAFKA_TLS: 'true',
    KAFKA_TLS_CA_FILE: servers.files.ca,
    KAFKA_TLS_CERT_FILE: servers.files.cert,
    KAFKA_TLS_KEY_FILE: servers.files.key,
    ...more(servers),
  })

const cassandra =
  (more: Configured = () => ({})): Configured =>
  servers => ({
    ML_CASSANDRA_HOST: 'localhost',
    ML_CASSANDRA_PORT: String(servers.cassandraPort),
    CASSANDRA_TLS: 'true',
    CASSANDRA_TLS_CA_FILE: servers.files.ca,
    CASSANDRA_TLS_CERT_FILE: servers.files.cert,
    CASSANDRA_TLS_KEY_FILE: servers.files.key,
    CASSANDRA_USERNAME: user,
    CASSANDRA_PASSWORD_FILE: servers.files.cassandraPassword,
    ...more(servers),
  })

const right: [name: string, kafka: Configured][] = [
  ['SASL PLAIN over TLS', login('plain')],
  ['SASL SCRAM-SHA-256 over TLS', login('scram-sha-256')],
  ['SASL SCRAM-SHA-512 over TLS', login('scram-sha-512')],
  ['mutual TLS, with the name of the broker', mutual()],
  [
    'mutual TLS, with the address of the broker',
    mutual(servers => ({ KAFKA_BROKER_SERVERS: servers.broker('MUTUAL', '127.0.0.1') })),
  ],
]

type Wrong = [name: string, configured: Configured, says: RegExp]

const wrongPassword: Configured = ({ files }) => ({ KAFKA_SASL_PASSWORD_FILE: files.cassandraPassword })

const wrongForKafka: Wrong[] = [
  ['a wrong password with PLAIN', login('plain', wrongPassword), /KAFKA_SASL_PASSWORD/],
  ['a wrong password with SCRAM-SHA-256', login('scram-sha-256', wrongPassword), /KAFKA_SASL_PASSWORD/],
  ['a wrong password with SCRAM-SHA-512', login('scram-sha-512', wrongPassword), /KAFKA_SASL_PASSWORD/],
  [
    'a mechanism that the brokers do not offer',
    login('plain', servers => ({ KAFKA_BROKER_SERVERS: servers.broker('SCRAM512') })),
    /do not support this mechanism: see KAFKA_SASL_MECHANISM/,
  ],
  [
    'a login where none is accepted',
    mutual(servers => ({ ...login('plain')(servers), KAFKA_BROKER_SERVERS: servers.broker('MUTUAL') })),
    /does not support SASL: see KAFKA_SASL_MECHANISM/,
  ],
  ['no login where one is required', login('plain', () => noLogin), /KAFKA_SASL_MECHANISM/],
  [
    'another authority than the one of the brokers',
    login('plain', ({ files }) => ({ KAFKA_TLS_CA_FILE: files.otherCa })),
    /trusted authority: see KAFKA_TLS_CA_FILE/,
  ],
  [
    'a name of the broker that is not in its certificate',
    mutual(servers => ({ KAFKA_BROKER_SERVERS: servers.broker('STRANGER') })),
    /altnames.* see KAFKA_BROKER_SERVERS/,
  ],
  [
    'no certificate where one is required',
    mutual(() => ({ KAFKA_TLS_CERT_FILE: '', KAFKA_TLS_KEY_FILE: '' })),
    /see KAFKA_TLS_CERT_FILE and KAFKA_TLS_KEY_FILE/,
  ],
  [
    'no TLS to a port that uses it',
    login('plain', () => ({ KAFKA_TLS: 'false', KAFKA_TLS_CA_FILE: '' })),
    /(matches|see) KAFKA_TLS\b/,
  ],
  [
    'TLS to a port that does not use it',
    login('plain', servers => ({ ...noLogin, KAFKA_BROKER_SERVERS: servers.broker('PLAINTEXT') })),
    /(matches|see) KAFKA_TLS\b/,
  ],
]

const noCassandraFiles = { CASSANDRA_TLS_CERT_FILE: '', CASSANDRA_TLS_KEY_FILE: '' }

const wrongForCassandra: Wrong[] = [
  [
    'a wrong password',
    cassandra(({ files }) => ({ CASSANDRA_PASSWORD_FILE: files.kafkaPassword })),
    /see CASSANDRA_USERNAME and CASSANDRA_PASSWORD/,
  ],
  [
    'no login where one is required',
    cassandra(() => ({ CASSANDRA_USERNAME: '', CASSANDRA_PASSWORD_FILE: '' })),
    /see CASSANDRA_USERNAME and CASSANDRA_PASSWORD/,
  ],
  [
    'another authority than the one of the nodes',
    cassandra(({ files }) => ({ CASSANDRA_TLS_CA_FILE: files.otherCa })),
    /trusted authority: see CASSANDRA_TLS_CA_FILE/,
  ],
  ['only the authorities of Node', cassandra(() => ({ CASSANDRA_TLS_CA_FILE: '' })), /see CASSANDRA_TLS_CA_FILE/],
  [
    'an address of the node that is not in its certificate',
    cassandra(() => ({ ML_CASSANDRA_HOST: '127.0.0.1' })),
    /altnames.* see ML_CASSANDRA_HOST/,
  ],
  [
    'no certificate where one is required',
    cassandra(() => noCassandraFiles),
    /see CASSANDRA_TLS_CERT_FILE and CASSANDRA_TLS_KEY_FILE/,
  ],
  [
    'no TLS to a port that uses it',
    cassandra(() => ({ ...noCassandraFiles, CASSANDRA_TLS: 'false', CASSANDRA_TLS_CA_FILE: '' })),
    /see CASSANDRA_TLS\b/,
  ],
  [
    'TLS to a port that does not use it',
    cassandra(servers => ({ ML_CASSANDRA_PORT: String(servers.cassandraPlainPort) })),
    /use TLS: see CASSANDRA_TLS\b/,
  ],
]

describe('a worker with secured servers', () => {
  let servers: SecuredServers
  before(async () => (servers = await SecuredServers.start(await loadStream('program-user-info'), env)))
  after(() => {
    killWorkers()
    return servers.stop()
  })

  const start = (kafka: Configured, table: Configured): Worker =>
    new Worker({ ENV: env, ...kafka(servers), ...table(servers) })

  /** The exit code and the lines of `check`, which must contain no password. */
  const check = async (kafka: Configured, table: Configured) => {
    const ended = await command({ ENV: env, ...kafka(servers), ...table(servers) }, 'check')
    keepsSecrets(ended)
    return { code: ended.code, lines: ended.output.trimEnd().split('\n') }
  }

  const keepsSecrets = ({ output, errors }: Pick<Worker, 'output' | 'errors'>): void => {
    for (const secret of Object.values(passwords)) assert.ok(!(output + errors).includes(secret), output + errors)
  }

  describe('reports no problem', { concurrency: 2 }, () => {
    for (const [name, kafka] of right) {
      test(`with ${name} for Kafka, and mutual TLS and a password for Cassandra`, async () => {
        const { code, lines } = await check(kafka, cassandra())
        assert.ok(code === 0 && lines.every(line => line.endsWith(': ok')), lines.join('\n'))
      })
    }
  })

  const refuses = (server: 'kafka' | 'cassandra', wrong: readonly Wrong[]): void => {
    describe(`names the setting to check in one line, for ${server}`, { concurrency: 2 }, () => {
      for (const [name, configured, says] of wrong) {
        test(`with ${name}`, async () => {
          const { code, lines } = await (server === 'kafka'
            ? check(configured, cassandra())
            : check(plainKafka, configured))
          assert.equal(code, 1)
          const faults = lines.filter(
            line => !line.endsWith(': ok') && !/not checked, because (Kafka|Cassandra)/.test(line),
          )
          assert.equal(faults.length, 1, lines.join('\n'))
          assert.ok(faults[0]?.startsWith(`${server} `) && says.test(faults[0]), faults[0])
        })
      }
    })
  }
  refuses('kafka', wrongForKafka)
  refuses('cassandra', wrongForCassandra)

  test('writes rows and publishes dead letters, with secrets from files', async () => {
    const producer = servers.kafka.producer()
    await producer.connect()
    const messages = [{ value: JSON.stringify(event) }, { value: 'no JSON' }]
    await producer.send({ topic: `${env}.programuser.info`, messages })
    await producer.disconnect()
    const worker = start(login('scram-sha-512'), cassandra())
    const admin = servers.kafka.admin()
    await admin.connect()
    await eventually('both are committed', async () => {
      const group = { groupId: `${env}-programuser-group`, topics: [`${env}.programuser.info`] }
      const [committed] = await admin.fetchOffsets(group)
      assert.equal(committed?.partitions[0]?.offset, '2', worker.output)
    })
    const [letters] = await admin.fetchTopicOffsets(`${env}.programuser.info.failed`)
    await admin.disconnect()
    assert.equal(letters?.high, '1')
    const { rows } = await servers.cql.execute('SELECT user_id FROM sunbird_programs.program_enrollment')
    assert.deepEqual(
      rows.map(row => row['user_id'] as string),
      ['u'],
    )
    assert.equal(await worker.stop(), 0)
    keepsSecrets(worker)
  })

  // The worker's own permission is to write them.
  test('names the permission that is missing to read dead letters', async () => {
    const admin = servers.kafka.admin()
    await admin.connect()
    const ofLetters = {
      resourceType: AclResourceTypes.TOPIC,
      resourceName: `${env}.programuser.info.failed`,
      resourcePatternType: ResourcePatternTypes.LITERAL,
      permissionType: AclPermissionTypes.ALLOW,
    }
    const worker = { ...ofLetters, principal: `User:${user}`, host: '*' }
    const list = () =>
      command({ ENV: env, ...login('scram-sha-512')(servers), ...cassandra()(servers) }, 'dead-letters', 'list')
    try {
      await admin.createAcls({ acl: [{ ...worker, operation: AclOperationTypes.WRITE }] })
      await eventually('it may not read', async () => {
        const { code, errors } = await list()
        assert.equal(code, 1)
        assert.match(errors, /^this client may not use the topic: allow it Read/)
      })
      await admin.createAcls({ acl: [{ ...worker, operation: AclOperationTypes.READ }] })
      await eventually('it may read', async () => {
        const { code, errors } = await list()
        assert.equal(code, 0, errors)
      })
    } finally {
      await admin.deleteAcls({ filters: [{ ...ofLetters, operation: AclOperationTypes.ANY }] })
      await admin.disconnect()
    }
  })

  test('waits while logins are refused, alive but not ready, and shuts down in order', async () => {
    const wrong = cassandra(({ files }) => ({ CASSANDRA_PASSWORD_FILE: files.kafkaPassword }))
    const worker = start(login('scram-sha-512', wrongPassword), wrong)
    const { url } = await worker.logged('serving metrics, probes and the page')
    const ask = async (path: string): Promise<{ status: number; text: string }> => {
      const answer = await fetch(new URL(path, String(url)))
      return { status: answer.status, text: await answer.text() }
    }
    await eventually('both refusals are reported', async () => {
      const { status, text } = await ask('ready')
      assert.equal(status, 503)
      for (const name of ['KAFKA_SASL_PASSWORD', 'CASSANDRA_PASSWORD']) assert.ok(text.includes(name), text)
    })
    assert.equal((await ask('live')).status, 200)
    for (const path of ['settings', 'state', 'metrics', 'health']) {
      const { text } = await ask(path)
      for (const secret of Object.values(passwords)) assert.ok(!text.includes(secret), path)
    }
    assert.equal(await worker.stop(), 0)
    keepsSecrets(worker)
  })

  describe('while it runs', () => {
    let worker: Worker
    let count = 0

    const publish = async (): Promise<string> => {
      const producer = servers.kafka.producer()
      await producer.connect()
      const userId = `later-${count++}`
      const value = JSON.stringify({ ...event, userId })
      await producer.send({ topic: `${env}.programuser.info`, messages: [{ value }] })
      await producer.disconnect()
      return userId
    }

    const isWritten = (userId: string): Promise<void> =>
      eventually(
        `${userId} is written`,
        async () => {
          const { rows } = await servers.cql.execute('SELECT user_id FROM sunbird_programs.program_enrollment')
          assert.ok(
            rows.some(row => row['user_id'] === userId),
            worker.output,
          )
        },
        120_000,
      )

    const isNotReady = async (because: RegExp): Promise<void> => {
      const { url } = await worker.logged('serving metrics, probes and the page')
      await eventually(
        `it is not ready because of ${String(because)}`,
        async () => {
          const answer = await fetch(new URL('ready', String(url)))
          const text = await answer.text()
          assert.ok(answer.status === 503 && because.test(text), `${answer.status} ${text}`)
        },
        180_000,
      )
    }

    const deadLetters = async (): Promise<string | undefined> => {
      const admin = servers.kafka.admin()
      await admin.connect()
      const [letters] = await admin.fetchTopicOffsets(`${env}.programuser.info.failed`)
      await admin.disconnect()
      return letters?.high
    }

    before(async () => {
      const linked = cassandra(({ cassandraLinkPort }) => ({ ML_CASSANDRA_PORT: String(cassandraLinkPort) }))
      worker = start(login('scram-sha-512'), linked)
      const userId = await publish()
      await isWritten(userId)
    })

    test('waits while its permission to write is revoked, and continues when it is granted', async () => {
      const before = await deadLetters()
      await servers.cql.execute(`REVOKE MODIFY ON TABLE sunbird_programs.program_enrollment FROM ${user}`)
      const userId = await publish()
      await isNotReady(/GRANT SELECT and MODIFY/)
      await servers.cql.execute(`GRANT MODIFY ON TABLE sunbird_programs.program_enrollment TO ${user}`)
      await isWritten(userId)
      assert.equal(await deadLetters(), before)
    })

    const guardrails = [
      { name: 'UserTimestampsEnabled', forbids: 'false', allows: 'true', says: /USING TIMESTAMP\) is not allowed/ },
      {
        name: 'WriteConsistencyLevelsDisallowedCSV',
        forbids: 'LOCAL_QUORUM',
        allows: '',
        says: /\[LOCAL_QUORUM\] are not allowed for write consistency levels/,
      },
    ] as const
    for (const { name, forbids, allows, says } of guardrails) {
      test(`waits while the guardrail ${name} refuses every write, as check reports, without a dead letter`, async () => {
        const before = await deadLetters()
        await servers.setGuardrail(name, forbids)
        const userId = await publish()
        await isNotReady(says)
        const { code, lines } = await check(login('scram-sha-512'), cassandra())
        assert.equal(code, 1)
        assert.match(lines.at(-1) ?? '', says)
        assert.ok(lines.slice(0, -1).every(line => line.endsWith(': ok')))
        await servers.setGuardrail(name, allows)
        await isWritten(userId)
        assert.equal(await deadLetters(), before)
        // The write test leaves nothing behind.
        const { rows } = await servers.cql.execute(
          "SELECT * FROM sunbird_programs.program_enrollment WHERE program_id = '-'",
        )
        assert.deepEqual(rows, [])
      })
    }

    test('waits while its password for Cassandra is wrong, and continues when the new one is in its file', async () => {
      const before = await deadLetters()
      // Cassandra allows a password change only every five seconds.
      await eventually('the password is changed', () =>
        servers.cql.execute(`ALTER ROLE ${user} WITH PASSWORD = '${passwords.cassandra}-2'`),
      )
      servers.cutCassandra()
      const userId = await publish()
      await isNotReady(/CASSANDRA_PASSWORD/)
      await writeFile(servers.files.cassandraPassword, `${passwords.cassandra}-2\n`)
      await isWritten(userId)
      assert.equal(await deadLetters(), before)
    })

    test("waits while the broker's certificate is expired, and continues when it is renewed", async () => {
      await servers.withExpiredKafka(() => isNotReady(/certificate has expired/))
      const userId = await publish()
      await isWritten(userId)
      assert.equal(await worker.stop(), 0)
      keepsSecrets(worker)
    })
  })
})
