import { types } from 'cassandra-driver'
import kafkajs, { type Message } from 'kafkajs'
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { PassThrough } from 'node:stream'
import { after, before, describe, test } from 'node:test'
import { asyncScheduler, Subject } from 'rxjs'
import { run } from '../../src/commands/run/run.ts'
import { loadSettings } from '../../src/config/load.ts'
import { openLog } from '../../src/observe/log/log.ts'
import { type Stream } from '../../src/stream/definition.ts'
import { loadStream } from '../../src/stream/load.ts'
import { messages as loadMessages } from '../../rig/load/enrolments.ts'
import { installedCassandra, newestCassandra } from '../../rig/servers/cassandra.ts'
import { installedKafka, newestKafka } from '../../rig/servers/kafka.ts'
import { programExhaustReport, type ReportSource } from '../streams/program-exhaust-report.ts'
import second from '../streams/second/stream.ts'
import { readSamples, type Sample } from '../streams/samples.ts'
import { command } from './command.ts'
import { eventually } from '../../rig/eventually.ts'
import { Installation, type StoredMessage } from './installation.ts'
import { killWorkers, Worker } from './worker.ts'

const legs = [
  { name: 'the versions of current installations', kafka: installedKafka, cassandra: installedCassandra },
  { name: 'the newest', kafka: newestKafka, cassandra: newestCassandra },
]

type Columns = Record<string, unknown>

/** A row of the table in the format of the samples: dates as text, unwritten columns as null. */
const shownRow = (columns: Readonly<Columns>): Columns =>
  Object.fromEntries(
    Object.entries(columns).map(([name, value]) => [name, value instanceof types.LocalDate ? value.toString() : value]),
  )

const keyOf = ({ program_id, user_id }: Columns): string => `${String(program_id)} ${String(user_id)}`

/** The expected table after these samples, in order. Columns that a row leaves out stay unchanged. */
const folded = (columns: readonly string[], samples: readonly Sample[]): Map<string, Columns> => {
  const rows = new Map<string, Columns>()
  const empty = Object.fromEntries(columns.map(name => [name, null]))
  for (const { expected } of samples) {
    if (!('row' in expected)) continue
    const row = { ...(rows.get(keyOf(expected.row)) ?? empty), ...expected.row }
    const { user_locations: locations } = row as { user_locations: object | null }
    // To Cassandra, an empty map is the same as none.
    if (locations !== null && Object.keys(locations).length === 0) row['user_locations'] = null
    rows.set(keyOf(row), row)
  }
  return rows
}

const text = (headers: StoredMessage['headers'], name: string): string => String(headers[`__connect.errors.${name}`])

for (const { name, ...versions } of legs) {
  describe(`from topic to table on ${name}: Kafka ${versions.kafka}, Cassandra ${versions.cassandra}`, () => {
    let installation: Installation
    let stream: Stream
    let samples: Sample[]
    before(async () => {
      ;[installation, stream, samples] = await Promise.all([
        Installation.start(versions),
        loadStream('program-user-info'),
        readSamples('program-user-info'),
      ])
    })
    after(() => {
      killWorkers()
      return installation.stop()
    })

    const worker = (env: string, more: Record<string, string> = {}): Worker =>
      new Worker({ ...installation.env, ENV: env, ML_CASSANDRA_TABLE: `table_${env}`, ...more })
    const topicOf = (env: string): string => `${env}.programuser.info`
    const groupOf = (env: string): string => `${env}-programuser-group`
    const rowsOf = async (env: string): Promise<Columns[]> => {
      const { rows } = await installation.cql.execute(`SELECT * FROM sunbird_programs.table_${env}`, [], {
        prepare: true,
        fetchSize: 50_000,
      })
      return rows.map(row => shownRow(row as unknown as Columns))
    }
    const settled = (env: string): Promise<void> =>
      eventually('everything is committed', async () => {
        const [committed, total] = await Promise.all([
          installation.committed(groupOf(env), topicOf(env)),
          installation.count(topicOf(env)),
        ])
        assert.equal(committed, total)
      })

    test('every sample becomes its row or its dead letter, and the report has the expected lines', async () => {
      const env = 'samples'
      await installation.prepare(stream, env, `table_${env}`)
      const headers = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' }
      const published = samples.map(({ name, value }) => ({ key: name, value, headers, partition: 1 }))
      await installation.publish(topicOf(env), published)
      const running = worker(env)
      await settled(env)

      const expected = folded(Object.keys(stream.table.columns), samples)
      const rows = await rowsOf(env)
      assert.equal(rows.length, expected.size)
      for (const row of rows) assert.deepEqual(row, expected.get(keyOf(row)), keyOf(row))
      assert.deepEqual(
        programExhaustReport(rows as unknown as ReportSource[]),
        programExhaustReport(rows.map(row => expected.get(keyOf(row))) as unknown as ReportSource[]),
      )

      const bad = samples.filter(({ expected }) => 'deadLetter' in expected)
      const letters = await installation.read(`${topicOf(env)}.failed`)
      assert.equal(letters.length, bad.length)
      for (const letter of letters) {
        const sample = samples[Number(text(letter.headers, 'offset'))]
        assert.deepEqual(letter.key, Buffer.from(sample?.name ?? ''))
        assert.deepEqual(letter.value, sample?.value)
        assert.deepEqual(
          {
            deadLetter: { reason: text(letter.headers, 'reason'), message: text(letter.headers, 'exception.message') },
          },
          sample?.expected,
        )
        assert.equal(text(letter.headers, 'topic'), topicOf(env))
        assert.equal(text(letter.headers, 'partition'), '1')
        assert.equal(text(letter.headers, 'connector.name'), stream.name)
        assert.ok(Number(text(letter.headers, 'timestamp')) > Date.now() - 3_600_000)
        assert.equal(String(letter.headers['traceparent']), headers.traceparent)
      }
      assert.equal(await running.stop(), 0)
    })

    test('under a load with bad messages and updates the last version wins, and after a clean stop nothing is read again', async () => {
      const env = 'load'
      await installation.prepare(stream, env, `table_${env}`)
      const load = { seed: 7, events: 10_000, programmes: 50, repeats: 0.3, bad: 0.02, bytes: 1_800 }
      const published = [...loadMessages(load)]
      await installation.publish(
        topicOf(env),
        published.map(({ value }) => ({ value, partition: 0 })),
      )
      const first = worker(env)
      await settled(env)
      assert.equal(await first.stop(), 0)

      const last = new Map<string, string>()
      for (const { value, expected } of published) {
        if (expected !== 'row' || value === null) continue
        const event = JSON.parse(value.toString()) as { programId: string; userId: string; programName: string }
        last.set(`${event.programId} ${event.userId}`, event.programName)
      }
      const rows = await rowsOf(env)
      assert.deepEqual(new Map(rows.map(row => [keyOf(row), row['program_name']])), last)
      const bad = published.filter(({ expected }) => expected === 'dead-letter').length
      assert.equal(await installation.count(`${topicOf(env)}.failed`), bad)
      const { read, written, superseded, deadLettered } = await first.logged('stopped')
      assert.deepEqual([read, deadLettered], [load.events, bad])
      assert.equal(Number(written) + Number(superseded), load.events - bad)

      const second = worker(env)
      await second.logged('partitions are assigned')
      await installation.publish(topicOf(env), [{ value: published[0]?.value ?? null, partition: 0 }])
      await settled(env)
      assert.equal(await second.stop(), 0)
      assert.equal((await second.logged('stopped'))['read'], 1)
    })

    test('a refused row and one with too long a key become dead letters, and the rows around them are written', async () => {
      const env = 'refused'
      await installation.prepare(stream, env, `table_${env}`)
      // An index accepts values of at most 65,535 bytes.
      await installation.cql.execute(`CREATE INDEX ON ${stream.defaults.keyspace}.table_${env} (program_name)`)
      const event = ({ userId, programName = 'n' }: { userId: string; programName?: string }): Buffer =>
        Buffer.from(
          JSON.stringify({
            programId: 'p',
            userId,
            programName,
            createdAt: '2026-01-01T00:00:00Z',
            updatedAt: '2026-01-01T00:00:00Z',
          }),
        )
      const users = Array.from({ length: 60 }, (_, n) => `user-${n}`)
      const tooLong = 'x'.repeat(70_000)
      const good = users.map(userId => ({ userId }))
      const bad = [{ userId: tooLong }, { userId: 'refused', programName: tooLong }]
      const published = [...good.slice(0, 30), ...bad, ...good.slice(30)].map(event)
      await installation.publish(
        topicOf(env),
        published.map(value => ({ value, partition: 0 })),
      )
      const running = worker(env)
      await settled(env)
      const rows = await rowsOf(env)
      assert.deepEqual(rows.map(row => row['user_id']).sort(), [...users].sort())
      const letters = await installation.read(`${topicOf(env)}.failed`)
      assert.deepEqual(
        letters
          .map(({ headers, value }) => [text(headers, 'offset'), text(headers, 'reason'), value?.length])
          .sort(([a], [b]) => Number(a) - Number(b)),
        [
          ['30', 'key-too-long', published[30]?.length],
          ['31', 'refused-by-table', published[31]?.length],
        ],
      )
      const said = letters.map(({ headers }) => text(headers, 'exception.message')).join('\n')
      assert.match(said, /Cannot index value of size 70000/)
      assert.doesNotMatch(said + running.output, /xxx/)
      assert.equal(await running.stop(), 0)
    })

    test('a dead letter too large for its topic is published compressed, or else without its value, with all headers', async () => {
      const env = 'large'
      await installation.prepare(stream, env, `table_${env}`)
      const headers = { own: 'kept' }
      const [value, compressible] = [randomBytes(1_500_000), Buffer.alloc(1_500_000, '{')]
      await installation.admin.alterConfigs({
        validateOnly: false,
        resources: [
          {
            type: kafkajs.ConfigResourceTypes.TOPIC,
            name: `${topicOf(env)}.failed`,
            configEntries: [{ name: 'max.message.bytes', value: '100000' }],
          },
        ],
      })
      // One at a time, because the topic's limit is for record batches.
      for (const message of [
        { value: Buffer.from('[]') },
        { key: 'k', value, headers },
        { key: 'c', value: compressible },
      ])
        await installation.publish(topicOf(env), [message])
      const running = worker(env)
      await settled(env)
      const letters = await installation.read(`${topicOf(env)}.failed`)
      const found = letters.map(letter => ({
        bytes: letter.value?.length ?? null,
        key: letter.key?.toString() ?? null,
        own: letter.headers['own']?.toString(),
        omitted: letter.headers['__connect.errors.value.omitted']?.toString(),
      }))
      assert.deepEqual(
        found.sort((a, b) => (a.bytes ?? 0) - (b.bytes ?? 0)),
        [
          { bytes: null, key: 'k', own: 'kept', omitted: String(value.length) },
          { bytes: 2, key: null, own: undefined, omitted: undefined },
          { bytes: compressible.length, key: 'c', own: undefined, omitted: undefined },
        ],
      )
      await running.logged('the dead letter is too large for its topic: published without part of the message')
      assert.equal(await running.stop(), 0)
    })

    for (const order of ['read', 'event'] as const) {
      test(`a row is never a mixture of two events of different partitions, ordered by ${order}`, async () => {
        const env = `pairs_${order}`
        await installation.prepare(stream, env, `table_${env}`)
        const running = worker(env, { CASSANDRA_WRITE_TIMESTAMP: order })
        await running.logged('partitions are assigned')
        const full = samples.find(({ name }) => name === 'full-event')?.value.toString() ?? '{}'
        const { userProfile, ...event } = JSON.parse(full) as { userProfile: object }
        const version = (user: number, id: string, orgName: string): string =>
          JSON.stringify({ ...event, userId: `u${user}`, userProfile: { ...userProfile, rootOrg: { id, orgName } } })
        for (let user = 0; user < 300; user += 1) {
          await installation.publish(topicOf(env), [
            { value: version(user, 'z', 'a'), partition: 0 },
            { value: version(user, 'a', 'z'), partition: 1 },
          ])
        }
        await settled(env)
        const rows = await rowsOf(env)
        assert.equal(rows.length, 300)
        const mixed = rows.filter(({ organisation_id: id, organisation_name: name }) => id === name)
        assert.equal(mixed.length, 0)
        assert.equal(await running.stop(), 0)
      })
    }

    test('a missing topic or table is reported with the command that creates it, and waited for', async () => {
      const env = 'missing'
      const check = await command({ ...installation.env, ENV: env, ML_CASSANDRA_TABLE: `table_${env}` }, 'check')
      assert.equal(check.code, 1)
      assert.match(check.output, /--create --topic missing\.programuser\.info$/m)
      assert.match(check.output, /CREATE TABLE sunbird_programs\.table_missing \(program_id text/)
      assert.match(check.output, /^writes to \S+: not checked, because the table does not fit$/m)

      const running = worker(env)
      await eventually('the worker logs what it waits for', () => {
        const waits = running.log.filter(
          ({ message }) => message === 'needs attention: reading is paused until this is fixed',
        )
        assert.deepEqual(waits.map(({ step }) => step).sort(), ['cassandra', 'topics'])
      })
      await installation.prepare(stream, env, `table_${env}`)
      const { value } = samples.find(({ name }) => name === 'full-event') ?? { value: null }
      await installation.publish(topicOf(env), [{ value }])
      await settled(env)
      assert.equal((await rowsOf(env)).length, 1)
      assert.equal(await running.stop(), 0)

      const again = await command({ ...installation.env, ENV: env, ML_CASSANDRA_TABLE: `table_${env}` }, 'check')
      assert.equal(again.code, 0)
      assert.equal(again.output.trim().split('\n').length, 7)
    })

    test('a dropped column pauses reading without a dead letter, and the row is written once the column is back', async () => {
      const env = 'dropped'
      await installation.prepare(stream, env, `table_${env}`)
      const running = worker(env)
      await running.logged('partitions are assigned')
      await installation.cql.execute(`ALTER TABLE sunbird_programs.table_${env} DROP user_type`)
      const { value } = samples.find(({ name }) => name === 'full-event') ?? { value: null }
      await installation.publish(topicOf(env), [{ value }])
      const wait = await running.logged('needs attention: reading is paused until this is fixed')
      assert.match(String(wait['why']), /ALTER TABLE sunbird_programs\.table_dropped ADD user_type text;/)
      await installation.cql.execute(`ALTER TABLE sunbird_programs.table_${env} ADD user_type text`)
      await settled(env)
      const [row] = await rowsOf(env)
      assert.equal(row?.['user_type'], 'administrator', JSON.stringify({ row, log: running.output }))
      assert.equal(await installation.count(`${topicOf(env)}.failed`), 0)
      assert.equal(await running.stop(), 0)
    })

    test('a consumer that keeps failing ends the process with 1 after a bounded number of restarts', async () => {
      const env = 'deleted'
      await installation.prepare(stream, env, `table_${env}`)
      const running = worker(env, { KAFKA_MAX_RESTARTS: '1', RETRY_MAX_DELAY_MS: '200' })
      await running.logged('partitions are assigned')
      await installation.admin.deleteTopics({ topics: [topicOf(env)] })
      assert.equal(await running.exited(), 1)
      assert.equal(running.log.filter(({ message }) => message === 'the worker cannot continue').length, 1)
    })

    test('another stream runs in the same engine', async () => {
      const env = 'second'
      await installation.prepare(second, env)
      const variables = { ...installation.env, ENV: env, LOG_LEVEL: 'error', HTTP_PORT: '0' }
      const configuration = loadSettings(variables, second, () => '')
      const { settings } = configuration
      const topic = settings.kafka.topic
      const event = (userId: string, more: object): Message => {
        const value = JSON.stringify({ courseId: 'c', term: 1, userId, seenAt: Date.UTC(2026, 0, 1), ...more })
        return { value, partition: 0 }
      }
      const events = [
        event('stays', { percent: 10 }),
        event('leaves', { percent: 20 }),
        event('stays', {}),
        event('leaves', { left: true }),
        event('bad', { courseId: 7 }),
        event('comes back', { left: true }),
        event('comes back', { percent: 30 }),
      ]
      await installation.publish(topic, events)
      const stop = new Subject<string>()
      const log = openLog(settings.log, new PassThrough().resume(), asyncScheduler)
      const code = run(second, configuration, log, stop)
      await eventually('everything is committed', async () => {
        assert.equal(await installation.committed(settings.kafka.groupId, topic), events.length)
      })
      stop.next('SIGTERM')
      assert.equal(await code, 0)
      const { rows } = await installation.cql.execute('SELECT user_id, percent FROM second.course_progress')
      assert.deepEqual(
        rows.map(row => [row['user_id'], row['percent']] as unknown[]),
        [
          ['comes back', 30],
          ['stays', 10],
        ],
      )
      assert.equal(await installation.count(settings.kafka.deadLetterTopic), 1)
    })
  })
}
