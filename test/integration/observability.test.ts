import { type Transaction } from 'kafkajs'
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { type Stream } from '../../src/stream/definition.ts'
import { loadStream } from '../../src/stream/load.ts'
import { messages as loadMessages } from '../../rig/load/enrolments.ts'
import { parseMetrics, type Scraped } from '../observe/prometheus.ts'
import { newestCassandra } from '../../rig/servers/cassandra.ts'
import { newestKafka } from '../../rig/servers/kafka.ts'
import { eventually } from '../../rig/eventually.ts'
import { Installation } from './installation.ts'
import { killWorkers, Worker } from './worker.ts'

/** The worker's URL, which it logs before it has connected to its servers. */
const addressOf = async (worker: Worker): Promise<string> => {
  const { url } = await worker.logged('serving metrics, probes and the page')
  return String(url)
}

const scrape = async (url: string): Promise<Scraped> => {
  const response = await fetch(new URL('metrics', url))
  return parseMetrics(await response.text())
}

interface Probe {
  readonly status: number
  readonly body: string
}

const probe = async (url: string, path: string): Promise<Probe> => {
  const response = await fetch(new URL(path, url))
  return { status: response.status, body: await response.text() }
}

/** Records read minus all outcomes: nothing may be missing or counted twice. */
const unaccounted = (found: Scraped): number =>
  found.value('records_read_total') -
  found.value('records_written_total') -
  found.value('records_superseded_total') -
  found.sum('records_dead_lettered_total') -
  found.value('in_flight_records')

describe('metrics and probes of a running worker', () => {
  let installation: Installation
  let stream: Stream
  before(async () => {
    ;[installation, stream] = await Promise.all([
      Installation.start({ kafka: newestKafka, cassandra: newestCassandra }),
      loadStream('program-user-info'),
    ])
  })
  after(() => {
    killWorkers()
    return installation.stop()
  })

  const start = (env: string, more: Record<string, string> = {}): Worker =>
    new Worker({
      ...installation.env,
      ENV: env,
      ML_CASSANDRA_TABLE: `table_${env}`,
      PROBE_INTERVAL_MS: '200',
      CASSANDRA_REQUEST_TIMEOUT_MS: '1000',
      STALL_TIMEOUT_MS: '5000',
      RETRY_MAX_DELAY_MS: '1000',
      ...more,
    })
  const topicOf = (env: string): string => `${env}.programuser.info`
  const publish = (env: string, events: number, seed: number): Promise<void> => {
    const load = { seed, events, programmes: 50, repeats: 0.5, bad: 0.05, bytes: 1_000 }
    return installation.publish(
      topicOf(env),
      [...loadMessages(load)].map(({ value }, count) => ({ value, partition: count % 2 })),
    )
  }
  const atRest = (url: string, read: number): Promise<Scraped> =>
    eventually('everything is settled', async () => {
      const found = await scrape(url)
      assert.equal(unaccounted(found), 0)
      assert.deepEqual([found.value('records_read_total'), found.value('in_flight_records')], [read, 0])
      return found
    })

  test('read = written + superseded + dead-lettered + in flight, at every scrape: under load, in an outage, and idle', async () => {
    const env = 'sums'
    await installation.prepare(stream, env, `table_${env}`)
    const worker = start(env, { MAX_IN_FLIGHT_RECORDS: '500' })
    const url = await addressOf(worker)
    await worker.logged('partitions are assigned')
    const published = publish(env, 6_000, 1)
    let scrapes = 0
    let most = 0
    for (let read = 0; read < 6_000; scrapes += 1) {
      const found = await scrape(url)
      assert.equal(unaccounted(found), 0)
      read = found.value('records_read_total')
      most = Math.max(most, found.value('in_flight_records'))
    }
    await published
    assert.ok(scrapes > 3 && most > 0, `${scrapes} scrapes, at most ${most} in flight`)
    const first = await atRest(url, 6_000)
    assert.ok(first.value('records_superseded_total') > 0)
    assert.equal(first.value('end_to_end_duration_seconds_count'), first.value('records_written_total'))
    assert.equal(first.value('batch_rows_sum'), first.value('records_written_total'))
    assert.equal(first.sum('records_dead_lettered_total'), await installation.count(`${topicOf(env)}.failed`))

    installation.cassandraLink.silence()
    try {
      await publish(env, 2_000, 2)
      const held = await eventually('reading is paused, and the lag still grows', async () => {
        const found = await scrape(url)
        assert.equal(unaccounted(found), 0)
        assert.ok(found.value('in_flight_records') > 0)
        assert.equal(found.value('paused_partitions', { reason: 'fault' }), 2)
        assert.ok(found.value('fault_wait_seconds', { step: 'write' }) > 0)
        assert.equal(
          found.sum('partition_lag_records') + found.value('records_read_total'),
          8_000,
          'records that are not read yet are lag',
        )
        return found
      })
      assert.ok(held.value('retries_total', { step: 'write', kind: 'transient' }) > 0)
      assert.ok(held.sum('cassandra_errors_total') > 0)
      assert.equal(held.value('cassandra_speculative_executions_total'), 0, 'there is no second node')
    } finally {
      installation.cassandraLink.mend()
    }
    const second = await atRest(url, 8_000)
    assert.equal(second.sum('partition_lag_records'), 0)
    assert.equal(second.value('paused_partitions', { reason: 'fault' }), 0)
    assert.equal(await worker.stop(), 0)
    const lines = worker.log.filter(({ message }) => message.startsWith('dead letter'))
    const logged = lines.reduce((sum, { leftOut }) => sum + Number(leftOut ?? 1), 0)
    assert.equal(logged, second.sum('records_dead_lettered_total'), 'each dead letter is in the log, or counted there')
  })

  const both = [
    { value: '[]', partition: 0 },
    { value: '[]', partition: 1 },
  ]
  const ready = (url: string, status: number, body = /"ready"/): Promise<void> =>
    eventually(`/ready answers ${status}`, async () => {
      const found = await probe(url, 'ready')
      assert.equal(found.status, status, found.body)
      assert.match(found.body, body)
    })
  const sharing = (KAFKA_GROUP_ID: string, topic: string): RegExp =>
    new RegExp(`kafka: the group ${KAFKA_GROUP_ID} also has consumers of topic ${topic.replaceAll('.', '\\.')}`)

  test('workers of two topics in one group: the first topic is read, and the others say why theirs is not until it is', async () => {
    const group = { KAFKA_GROUP_ID: 'shared' }
    const envs = ['first', 'other'] as const
    for (const env of envs) {
      await installation.prepare(stream, env, `table_${env}`)
      await installation.publish(topicOf(env), both)
    }
    const settled = (env: string): Promise<void> =>
      eventually(`both messages of ${env} are committed`, async () => {
        assert.equal(await installation.committed(group.KAFKA_GROUP_ID, topicOf(env)), both.length)
      })
    const first = start('first', group)
    await first.logged('partitions are assigned')
    const others = [start('other', group), start('other', group)]
    const urls = await Promise.all(others.map(addressOf))
    for (const url of urls) await ready(url, 503, sharing(group.KAFKA_GROUP_ID, topicOf('first')))
    await settled('first')
    await ready(await addressOf(first), 200)
    for (const { log } of others) {
      const said = log.filter(({ message }) => message === 'needs attention: reading is paused until this is fixed')
      assert.ok(said.length > 0 && said.every(({ step }) => step === 'locate'))
    }

    assert.equal(await first.stop(), 0)
    await settled('other')
    for (const url of urls) await ready(url, 200)
    for (const worker of others) assert.equal(await worker.stop(), 0)
  })

  test('a group whose leader gives a worker partitions of another topic: /ready fails until that consumer leaves', async () => {
    const KAFKA_GROUP_ID = 'foreign'
    await installation.prepare(stream, 'foreign', 'table_foreign')
    await installation.prepare(stream, 'elsewhere')
    await installation.publish(topicOf('foreign'), both)
    // Like a worker of an earlier release.
    const leader = installation.client.consumer({ groupId: KAFKA_GROUP_ID })
    await leader.connect()
    await leader.subscribe({ topic: topicOf('elsewhere') })
    const joined = new Promise<void>(resolve => leader.on('consumer.group_join', () => resolve()))
    await leader.run({ eachMessage: () => Promise.resolve() })
    await joined
    const worker = start('foreign', { KAFKA_GROUP_ID })
    try {
      await ready(await addressOf(worker), 503, sharing(KAFKA_GROUP_ID, topicOf('elsewhere')))
    } finally {
      await leader.disconnect()
    }
    await ready(await addressOf(worker), 200)
    await eventually('both messages are committed', async () => {
      assert.equal(await installation.committed(KAFKA_GROUP_ID, topicOf('foreign')), both.length)
    })
    assert.equal(await worker.stop(), 0)
  })

  test('an outage of Cassandra: /ready fails with the cause, /live does not, and the worker recovers by itself', async () => {
    const env = 'outage'
    await installation.prepare(stream, env, `table_${env}`)
    const worker = start(env)
    const url = await addressOf(worker)
    await ready(url, 200)
    assert.match((await probe(url, 'health')).body, /"healthy":true,"checks":\[\{"name":"kafka","healthy":true/)

    installation.cassandraLink.silence()
    try {
      await publish(env, 50, 3)
      await ready(url, 503, /"because":\["cassandra: /)
      assert.match(
        (await probe(url, 'health')).body,
        /"name":"cassandra","healthy":false,"err":"CASSANDRA_HEALTH_FAILED"/,
      )
      // Longer than the stall timeout.
      const since = Date.now()
      while (Date.now() - since < 8_000) {
        assert.equal((await probe(url, 'live')).status, 200)
        await new Promise(resolve => setTimeout(resolve, 250))
      }
    } finally {
      installation.cassandraLink.mend()
    }
    await ready(url, 200)
    await atRest(url, 50)
    assert.equal(await worker.stop(), 0)
  })

  test('a stop signal that arrives twice at once, as from a terminal and npm, counts as one', async () => {
    const env = 'signals'
    await installation.prepare(stream, env, `table_${env}`)
    const worker = start(env, { SHUTDOWN_TIMEOUT_MS: '2000' })
    await worker.logged('partitions are assigned')
    installation.cassandraLink.silence()
    try {
      await publish(env, 50, 4)
      await worker.logged('reading is paused: waiting for a fault to pass')
      worker.signal('SIGINT')
      await worker.logged('stopping: finishing the records in flight')
      worker.signal('SIGINT')
      // It has waited for its records; another signal would have ended it.
      assert.equal(await worker.exited(), 1)
    } finally {
      installation.cassandraLink.mend()
    }
  })

  test('neither an open transaction nor control records count as lag or as a stall', async () => {
    const env = 'transactions'
    await installation.prepare(stream, env, `table_${env}`)
    const worker = start(env)
    const url = await addressOf(worker)
    const producer = installation.client.producer({ transactionalId: env, maxInFlightRequests: 1, idempotent: true })
    await producer.connect()
    const begin = async (events: number): Promise<Transaction> => {
      const transaction = await producer.transaction()
      const load = loadMessages({ seed: events, events, programmes: 2, repeats: 0, bad: 0, bytes: 500 })
      const messages = [...load].map(({ value }) => ({ value, partition: 0 }))
      await transaction.send({ topic: topicOf(env), messages })
      return transaction
    }
    const settled = (read: number): Promise<void> =>
      eventually(`${read} records are read and there is no lag`, async () => {
        const found = await scrape(url)
        assert.deepEqual([found.value('records_read_total'), found.sum('partition_lag_records')], [read, 0])
      })
    await (await begin(10)).commit()
    await (await begin(3)).abort()
    await settled(10)
    const open = await begin(5)
    const since = Date.now()
    // Longer than the stall timeout.
    while (Date.now() - since < 7_000) {
      assert.equal((await probe(url, 'live')).status, 200)
      await new Promise(resolve => setTimeout(resolve, 250))
    }
    await settled(10)
    await open.commit()
    await settled(15)
    await producer.disconnect()
    assert.equal(await worker.stop(), 0)
  })

  test('before its servers answer it is alive but not ready, and stops at once on a signal', async () => {
    const nobody = createServer().listen(0, '127.0.0.1')
    await once(nobody, 'listening')
    const { port } = nobody.address() as { port: number }
    nobody.close()
    const worker = start('nowhere', { KAFKA_BROKER_SERVERS: `127.0.0.1:${port}`, ML_CASSANDRA_PORT: String(port) })
    const url = await addressOf(worker)
    await eventually('both servers are named', async () => {
      const { status, body } = await probe(url, 'ready')
      assert.equal(status, 503)
      assert.match(body, /kafka: .*cassandra: .*starting/)
    })
    assert.equal((await probe(url, 'live')).status, 200)
    assert.equal(await worker.stop(), 0)
    await assert.rejects(probe(url, 'live'))
  })

  test('a port in use ends it with exit code 1, and names the setting to change', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as { port: number }
    try {
      const worker = start('taken', { HTTP_PORT: String(port) })
      assert.equal(await worker.exited(), 1)
      const line = await worker.logged('the worker cannot continue')
      assert.match(String(line['error']), new RegExp(`port ${port} of 127.0.0.1 is in use: set another HTTP_PORT`))
    } finally {
      taken.close()
    }
  })

  test('secrets are masked, and no content of an event is served', async () => {
    const env = 'secret'
    await installation.prepare(stream, env, `table_${env}`)
    const worker = start(env, { CASSANDRA_USERNAME: 'cassandra', CASSANDRA_PASSWORD: 'hidden-word' })
    const url = await addressOf(worker)
    const value = JSON.stringify({ programId: 'p', userId: { secretly: 'Asha' } })
    await installation.publish(topicOf(env), [{ value }])
    await eventually('the dead letter is shown', async () => {
      const { body } = await probe(url, 'state')
      assert.match(body, /"deadLetters":\[\{"reason":"[a-z-]+","stage":"parse","partition":\d,"offset":0/)
    })
    const all = await Promise.all(['state', 'settings', 'metrics', 'ready', 'health'].map(path => probe(url, path)))
    const served = all.map(({ body }) => body).join('\n')
    assert.match(served, /"variable":"CASSANDRA_PASSWORD","shown":"\*\*\*"/)
    assert.doesNotMatch(served, /hidden-word|Asha|secretly/)
    assert.equal(await worker.stop(), 0)
  })
})
