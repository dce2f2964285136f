import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { streamName } from '../../src/config/settings.ts'
import { certificate, privateKey } from './pem.ts'
import { load, refusal } from './settings.ts'

const noTls = { enabled: false, ca: undefined, cert: undefined, key: undefined }

describe('without any variable', () => {
  test('every setting has its default; the stream provides its own names', () => {
    assert.deepEqual(load({}).settings, {
      env: 'local',
      stream: 'program-user-info',
      kafka: {
        brokers: ['localhost:9092'],
        clientId: 'sunbird-streams',
        topic: 'local.things',
        groupId: 'local-things-group',
        deadLetterTopic: 'local.things.failed',
        offsetReset: 'earliest',
        sessionTimeoutMs: 30_000,
        heartbeatIntervalMs: 3_000,
        fetchMaxBytesPerPartition: 524_288,
        maxRestarts: 5,
        tls: noTls,
        sasl: { mechanism: 'none', username: undefined, password: undefined },
      },
      cassandra: {
        hosts: ['localhost'],
        port: 9042,
        localDatacenter: 'datacenter1',
        keyspace: 'things',
        table: 'thing',
        consistency: 'LOCAL_QUORUM',
        requestTimeoutMs: 12_000,
        tls: noTls,
        login: { username: undefined, password: undefined },
      },
      pipeline: {
        writeOrder: 'read',
        inFlight: { records: 4_000, bytes: 16_777_216 },
        windowMs: 0,
        batch: { rows: 100, bytes: 131_072 },
        writeConcurrency: 16,
        commitIntervalMs: 1_000,
        backoff: { firstMs: 100, capMs: 30_000 },
      },
      shutdownTimeoutMs: 25_000,
      http: { host: '127.0.0.1', port: 9_464 },
      probes: { intervalMs: 5_000, stallMs: 120_000 },
      log: { level: 'info', format: 'auto', rateIntervalMs: 10_000 },
      audit: { resultFile: undefined },
    })
  })

  test('the stream is program-user-info', () => {
    assert.equal(streamName({}), 'program-user-info')
    assert.equal(streamName({ STREAM: ' ' }), 'program-user-info')
    assert.equal(streamName({ STREAM: 'second' }), 'second')
  })
})

describe('the environment', () => {
  const cases: readonly [
    variable: string,
    value: string,
    where: (s: ReturnType<typeof load>['settings']) => unknown,
    is: unknown,
  ][] = [
    ['KAFKA_BROKER_SERVERS', 'a:1, b:2', s => s.kafka.brokers, ['a:1', 'b:2']],
    ['KAFKA_INPUT_TOPIC', 'in', s => s.kafka.topic, 'in'],
    ['KAFKA_OUTPUT_FAILED_TOPIC', 'bad', s => s.kafka.deadLetterTopic, 'bad'],
    ['KAFKA_GROUP_ID', 'group', s => s.kafka.groupId, 'group'],
    ['KAFKA_AUTO_OFFSET_RESET', 'latest', s => s.kafka.offsetReset, 'latest'],
    ['KAFKA_CLIENT_ID', 'me', s => s.kafka.clientId, 'me'],
    ['KAFKA_SESSION_TIMEOUT_MS', '6000', s => s.kafka.sessionTimeoutMs, 6_000],
    ['KAFKA_HEARTBEAT_INTERVAL_MS', '2000', s => s.kafka.heartbeatIntervalMs, 2_000],
    ['KAFKA_FETCH_MAX_BYTES_PER_PARTITION', '65536', s => s.kafka.fetchMaxBytesPerPartition, 65_536],
    ['KAFKA_MAX_RESTARTS', '0', s => s.kafka.maxRestarts, 0],
    ['ML_CASSANDRA_HOST', 'c1,c2', s => s.cassandra.hosts, ['c1', 'c2']],
    ['ML_CASSANDRA_PORT', '19042', s => s.cassandra.port, 19_042],
    ['ML_CASSANDRA_KEYSPACE', 'ks', s => s.cassandra.keyspace, 'ks'],
    ['ML_CASSANDRA_TABLE', 'tab', s => s.cassandra.table, 'tab'],
    ['CASSANDRA_LOCAL_DATACENTER', 'dc-2', s => s.cassandra.localDatacenter, 'dc-2'],
    ['CASSANDRA_CONSISTENCY', 'local_one', s => s.cassandra.consistency, 'LOCAL_ONE'],
    ['CASSANDRA_REQUEST_TIMEOUT_MS', '500', s => s.cassandra.requestTimeoutMs, 500],
    ['CASSANDRA_WRITE_TIMESTAMP', 'event', s => s.pipeline.writeOrder, 'event'],
    ['MAX_IN_FLIGHT_RECORDS', '10', s => s.pipeline.inFlight.records, 10],
    ['MAX_IN_FLIGHT_BYTES', '70000', s => s.pipeline.inFlight.bytes, 70_000],
    ['BATCH_WINDOW_MS', '7', s => s.pipeline.windowMs, 7],
    ['BATCH_MAX_ROWS', '3', s => s.pipeline.batch.rows, 3],
    ['BATCH_MAX_BYTES', '2048', s => s.pipeline.batch.bytes, 2_048],
    ['WRITE_CONCURRENCY', '512', s => s.pipeline.writeConcurrency, 512],
    ['COMMIT_INTERVAL_MS', '50', s => s.pipeline.commitIntervalMs, 50],
    ['RETRY_FIRST_DELAY_MS', '5', s => s.pipeline.backoff.firstMs, 5],
    ['RETRY_MAX_DELAY_MS', '200', s => s.pipeline.backoff.capMs, 200],
    ['SHUTDOWN_TIMEOUT_MS', '900', s => s.shutdownTimeoutMs, 900],
    ['HTTP_HOST', '0.0.0.0', s => s.http.host, '0.0.0.0'],
    ['HTTP_PORT', '0', s => s.http.port, 0],
    ['PROBE_INTERVAL_MS', '100', s => s.probes.intervalMs, 100],
    ['STALL_TIMEOUT_MS', '60000', s => s.probes.stallMs, 60_000],
    ['LOG_LEVEL', 'debug', s => s.log.level, 'debug'],
    ['LOG_FORMAT', 'pretty', s => s.log.format, 'pretty'],
    ['LOG_RATE_INTERVAL_MS', '0', s => s.log.rateIntervalMs, 0],
    ['AUDIT_RESULT_FILE', '/run/a.prom', s => s.audit.resultFile, '/run/a.prom'],
  ]
  for (const [variable, value, where, is] of cases) {
    test(`${variable}=${value} takes effect`, () => {
      assert.deepEqual(where(load({ [variable]: value }).settings), is)
    })
  }

  test('a blank value counts as not set, and white space around a value is dropped', () => {
    const { settings } = load({
      KAFKA_INPUT_TOPIC: '',
      ML_CASSANDRA_PORT: '  ',
      KAFKA_GROUP_ID: ' group ',
      KAFKA_SASL_PASSWORD: '',
    })
    assert.equal(settings.kafka.topic, 'local.things')
    assert.equal(settings.cassandra.port, 9042)
    assert.equal(settings.kafka.groupId, 'group')
  })

  test('settings cannot be changed afterwards, at any depth', () => {
    const { settings } = load({})
    assert.throws(() => Object.assign(settings.pipeline.batch, { rows: 1 }), TypeError)
    assert.throws(() => Object.assign(settings.kafka.brokers, ['elsewhere:1']), TypeError)
  })
})

describe('{{env}}', () => {
  const at = (name: string, value: string, env = 'prod'): ReturnType<typeof load>['settings'] =>
    load({ ENV: env, [name]: value }).settings

  test('is replaced in every value that the contract names, each time it occurs', () => {
    assert.equal(at('KAFKA_INPUT_TOPIC', '{{env}}.{{env}}').kafka.topic, 'prod.prod')
    assert.equal(at('KAFKA_GROUP_ID', 'g-{{env}}').kafka.groupId, 'g-prod')
    assert.equal(at('KAFKA_OUTPUT_FAILED_TOPIC', '{{env}}.bad').kafka.deadLetterTopic, 'prod.bad')
    assert.equal(at('ML_CASSANDRA_KEYSPACE', '{{env}}_ks').cassandra.keyspace, 'prod_ks')
    assert.equal(at('ML_CASSANDRA_TABLE', 't_{{env}}').cassandra.table, 't_prod')
    assert.deepEqual(at('ML_CASSANDRA_HOST', 'c1.{{env}},c2').cassandra.hosts, ['c1.prod', 'c2'])
    assert.equal(at('ML_CASSANDRA_PORT', '{{env}}', '9043').cassandra.port, 9043)
    assert.deepEqual(at('KAFKA_BROKER_SERVERS', 'k.{{env}}:9092').kafka.brokers, ['k.prod:9092'])
  })

  test('is replaced in the defaults of the stream', () => {
    assert.equal(load({ ENV: 'prod' }).settings.kafka.groupId, 'prod-things-group')
  })

  test('stays in a secret', () => {
    const { login } = load({ CASSANDRA_USERNAME: 'u', CASSANDRA_PASSWORD: '{{env}}' }).settings.cassandra
    assert.deepEqual([login.username, login.password?.()], ['u', '{{env}}'])
  })

  test('that makes a value invalid is reported with the resulting value', () => {
    assert.match(refusal({ ENV: 'a-b', ML_CASSANDRA_TABLE: 't_{{env}}' })[1] ?? '', /ML_CASSANDRA_TABLE holds "t_a-b"/)
  })
})

describe('secrets and files', () => {
  const sasl = { KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512', KAFKA_SASL_USERNAME: 'u' }

  test('a password is used unchanged', () => {
    const { mechanism, username, password } = load({ ...sasl, KAFKA_SASL_PASSWORD: ' p#=, ' }).settings.kafka.sasl
    assert.deepEqual([mechanism, username, password?.()], ['scram-sha-512', 'u', ' p#=, '])
  })

  for (const [content, password] of [
    ['p\n', 'p'],
    ['p\r\n', 'p'],
    ['p\n\n', 'p\n'],
    [' p ', ' p '],
  ] as const) {
    test(`a password given as ${JSON.stringify(content)} is ${JSON.stringify(password)}, from a file or a variable`, () => {
      const { kafka } = load({ ...sasl, KAFKA_SASL_PASSWORD_FILE: '/secret' }, { '/secret': content }).settings
      assert.equal(kafka.sasl.password?.(), password)
      assert.equal(load({ ...sasl, KAFKA_SASL_PASSWORD: content }).settings.kafka.sasl.password?.(), password)
    })
  }

  test('certificates are read without a trailing newline', () => {
    const env = { CASSANDRA_TLS: 'true', CASSANDRA_TLS_CA_FILE: '/{{env}}/ca' }
    const { enabled, ca, cert, key } = load(env, { '/local/ca': `${certificate}\n` }).settings.cassandra.tls
    assert.deepEqual([enabled, ca?.(), cert, key], [true, certificate, undefined, undefined])
  })

  test('the three files of Kafka go to Kafka', () => {
    const env = { KAFKA_TLS: 'true', KAFKA_TLS_CA_FILE: 'a', KAFKA_TLS_CERT_FILE: 'b', KAFKA_TLS_KEY_FILE: 'c' }
    const contents = { a: `${certificate} a`, b: certificate, c: privateKey }
    const { kafka, cassandra } = load(env, contents).settings
    const { ca, cert, key } = kafka.tls
    assert.deepEqual([ca?.(), cert?.(), key?.()], [contents.a, contents.b, contents.c])
    assert.deepEqual(cassandra.tls, noTls)
  })
})

describe('a file that changes while the worker runs', () => {
  const password = (contents: Record<string, string>) => {
    const env = { CASSANDRA_USERNAME: 'u', CASSANDRA_PASSWORD_FILE: '/p' }
    return load(env, contents).settings.cassandra.login.password
  }

  test('returns its current content', () => {
    const contents: Record<string, string> = { '/p': 'old' }
    const current = password(contents)
    assert.equal(current?.(), 'old')
    contents['/p'] = 'new\n'
    assert.equal(current(), 'new')
  })

  test('returns its last content while it is missing or empty', () => {
    const contents: Record<string, string> = { '/p': 'old' }
    const current = password(contents)
    contents['/p'] = ''
    assert.equal(current?.(), 'old')
    delete contents['/p']
    assert.equal(current(), 'old')
  })

  test('returns the last certificate while it has other content', () => {
    const contents: Record<string, string> = { '/ca': certificate }
    const { ca } = load({ KAFKA_TLS: 'true', KAFKA_TLS_CA_FILE: '/ca' }, contents).settings.kafka.tls
    contents['/ca'] = 'half a fi'
    assert.equal(ca?.(), certificate)
  })
})
