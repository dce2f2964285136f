import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { CompressionTypes } from 'kafkajs'
import { contentLimit } from '../../src/kafka/codecs/codec.ts'
import { deadLetterHeaders } from '../../src/kafka/headers.ts'
import { type Stream } from '../../src/stream/definition.ts'
import { loadStream } from '../../src/stream/load.ts'
import { TopicReader } from '../../rig/faults/topic-reader.ts'
import { newestCassandra } from '../../rig/servers/cassandra.ts'
import { newestKafka } from '../../rig/servers/kafka.ts'
import { command } from './command.ts'
import { eventually } from '../../rig/eventually.ts'
import { Installation } from './installation.ts'
import { killWorkers, Worker } from './worker.ts'

const hour = 3_600_000

const event = (userId: string, programName: string, createdAt?: string): Buffer =>
  Buffer.from(
    JSON.stringify({
      programId: 'p',
      userId,
      programName,
      createdAt,
      updatedAt: '2026-01-01T00:00:00Z',
      phone: '5550100',
    }),
  )

const good = '2026-01-01T00:00:00Z'

describe(`the dead letters of a stream on Kafka ${newestKafka} and Cassandra ${newestCassandra}`, () => {
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

  const topicOf = (env: string): string => `${env}.programuser.info`
  const envOf = (env: string) => ({ ...installation.env, ENV: env, ML_CASSANDRA_TABLE: `table_${env}` })
  const tool = (env: string, ...args: string[]) => command(envOf(env), 'dead-letters', ...args)
  const settled = (env: string): Promise<void> =>
    eventually('everything is committed', async () => {
      const [committed, total] = await Promise.all([
        installation.committed(`${env}-programuser-group`, topicOf(env)),
        installation.count(topicOf(env)),
      ])
      assert.equal(committed, total)
    })
  const names = async (env: string): Promise<Record<string, string>> => {
    const { rows } = await installation.cql.execute(`SELECT user_id, program_name FROM sunbird_programs.table_${env}`)
    return Object.fromEntries(rows.map(row => [String(row['user_id']), String(row['program_name'])]))
  }

  /** Valid events that an earlier release rejected: a replay turns these dead letters into rows. */
  const wronglyRejected = (env: string, users: readonly string[]) =>
    installation.publish(
      `${topicOf(env)}.failed`,
      users.map(user => ({
        key: `key-${user}`,
        value: event(user, 'old', good),
        headers: {
          traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
          [deadLetterHeaders.stream]: stream.name,
          [deadLetterHeaders.reason]: 'bad-date',
          [deadLetterHeaders.message]: 'createdAt: not an instant',
          [deadLetterHeaders.topic]: topicOf(env),
          [deadLetterHeaders.partition]: '0',
          [deadLetterHeaders.offset]: '0',
          [deadLetterHeaders.timestamp]: String(Date.now() - hour),
        },
      })),
    )

  test('are counted and shown, without content unless --content is given', async () => {
    const env = 'look'
    await installation.prepare(stream, env, `table_${env}`)
    const empty = await tool(env, 'list')
    assert.deepEqual([empty.code, empty.output], [0, `no matching dead letters in ${topicOf(env)}.failed\n`])

    const bad = [event('u1', 'n'), event('u2', 'n'), Buffer.from('5550100')]
    await installation.publish(
      topicOf(env),
      bad.map(value => ({ key: 'key-u1', value, partition: 0, headers: { own: 'kept' } })),
    )
    const worker = new Worker(envOf(env))
    await settled(env)
    assert.equal(await worker.stop(), 0)

    const counted = await tool(env, 'list')
    assert.equal(counted.code, 0, counted.errors)
    assert.match(counted.output, /^dead letters in look\.programuser\.info\.failed: 3\n/)
    assert.match(counted.output, /\nbad-date +2 .*\nwrong-type +1 /)
    const each = await tool(env, 'list', '--by', 'each', '--reason', 'wrong-type')
    assert.match(each.output, /^0:2 {2}\S+ {2}wrong-type {2}look\.programuser\.info:0:2 {2}.+\n$/)
    const shown = await tool(env, 'show', '--partition', '0', '--offset', '2')
    assert.match(shown.output, /\n {2}own: kept\n[^]*\n {2}__connect\.errors\.reason: wrong-type\n/)
    for (const { output, errors } of [counted, each, shown]) assert.doesNotMatch(output + errors, /5550100|key-u1/)
    const content = await tool(env, 'show', '--partition', '0', '--offset', '2', '--content')
    assert.match(content.output, /\nkey:\nkey-u1\nvalue:\n5550100\n$/)
    const none = await tool(env, 'show', '--partition', '0', '--offset', '99')
    assert.deepEqual([none.code, none.output], [66, ''])

    const { groups } = await installation.admin.listGroups()
    assert.deepEqual(
      groups.filter(({ groupId }) => groupId.includes('dead-letters')),
      [],
      'the tool leaves no consumer group',
    )
  })

  test('are replayed unchanged, and never replace newer rows, however often', async () => {
    const env = 'replay'
    await installation.prepare(stream, env, `table_${env}`)
    const users = Array.from({ length: 300 }, (_, n) => `user-${n}`)
    const updated = users.slice(0, 100)
    await wronglyRejected(env, users)
    await installation.publish(
      topicOf(env),
      updated.map(user => ({ value: event(user, 'new', good) })),
    )
    const worker = new Worker(envOf(env))
    await settled(env)

    const dry = await tool(env, 'replay', '--dry-run')
    assert.deepEqual([dry.code, dry.output.split('\n')[0]], [0, `300 would be replayed to ${topicOf(env)}`])
    assert.equal(await installation.count(topicOf(env)), 100)

    const expected = Object.fromEntries(users.map(user => [user, updated.includes(user) ? 'new' : 'old']))
    const refused = await tool(env, 'replay')
    assert.deepEqual([refused.code, refused.output], [64, ''], 'without a filter and without a terminal')
    for (const times of [1, 2]) {
      const { code, output, errors } = await tool(env, 'replay', '--yes', '--rate', '1000/s')
      assert.deepEqual([code, output.split('\n')[0]], [0, `300 replayed to ${topicOf(env)}`], errors)
      assert.doesNotMatch(output + errors, /5550100|key-user/)
      await settled(env)
      assert.equal(await installation.count(topicOf(env)), 100 + times * 300)
      assert.deepEqual(await names(env), expected)
    }
    assert.equal(await worker.stop(), 0)

    const replayed = (await installation.read(topicOf(env))).filter(({ key }) => key !== null)
    const [letter] = await installation.read(`${topicOf(env)}.failed`)
    const [first] = replayed.filter(({ headers }) => String(headers['sunbird.replay.from']).endsWith('failed:0:0'))
    assert.deepEqual(first?.value, letter?.value)
    assert.deepEqual(Object.keys(first?.headers ?? {}).sort(), [
      'sunbird.replay.from',
      'sunbird.replay.write.timestamp',
      'traceparent',
    ])
    const written = await installation.cql.execute(
      `SELECT writetime(program_name) AS t FROM sunbird_programs.table_${env} WHERE program_id = 'p' AND user_id = 'user-299'`,
    )
    const age = Date.now() - Number(written.first()['t']) / 1000
    assert.ok(age > 0.9 * hour, 'the row has the write timestamp of the original')
  })

  test('an interrupted replay publishes what it has taken, and continues without a gap or a repetition', async () => {
    const env = 'interrupted'
    await installation.prepare(stream, env, `table_${env}`)
    await wronglyRejected(
      env,
      Array.from({ length: 200 }, (_, n) => `user-${n}`),
    )
    const first = new Worker(envOf(env), 'dead-letters', 'replay', '--yes', '--rate', '40/s')
    await eventually('some are replayed', async () => assert.ok((await installation.count(topicOf(env))) > 20))
    // As with npm run: from the terminal and from npm.
    first.signal('SIGINT')
    first.signal('SIGINT')
    assert.equal(await first.exited(), 130)
    const done = await installation.count(topicOf(env))
    assert.ok(done < 200)
    const [, from] = /--partition 0 --offset (\d+)-199\n$/.exec(first.output) ?? []
    assert.equal(Number(from), done, first.output)

    const second = await tool(env, 'replay', '--partition', '0', '--offset', `${from}-199`)
    assert.equal(second.code, 0)
    const froms = (await installation.read(topicOf(env))).map(({ headers }) => String(headers['sunbird.replay.from']))
    assert.equal(froms.length, 200)
    assert.equal(new Set(froms).size, 200)
  })

  test('a replay of dead letters that fail again ends, and the new ones keep the write timestamp of the first read', async () => {
    const env = 'again'
    await installation.prepare(stream, env, `table_${env}`)
    await installation.publish(topicOf(env), [{ value: event('u', 'n'), partition: 0 }])
    const worker = new Worker(envOf(env))
    for (const letters of [1, 2, 3]) {
      await eventually('the dead letter is published', async () =>
        assert.equal(await installation.count(`${topicOf(env)}.failed`), letters),
      )
      if (letters < 3)
        assert.equal((await tool(env, 'replay', '--partition', '0', '--offset', `${letters - 1}-`)).code, 0)
    }
    const letters = await installation.read(`${topicOf(env)}.failed`)
    const times = letters.map(({ headers }) => String(headers[deadLetterHeaders.writeTimestamp]))
    assert.equal(new Set(times).size, 1)
    assert.equal(await worker.stop(), 0)
    const { output, errors } = await tool(env, 'replay', '--dry-run')
    assert.match(
      output,
      /^3 would be [^]*\n2 were replayed before and failed again; their earlier dead letters: 0:0, 0:1\n/,
    )
    assert.match(errors, /found no other consumer group that reads/)
  })

  // Both versions are read later than their own timestamps. The newer one becomes a dead letter, the older one a row.
  test('a replayed dead letter replaces an older version that was read after its timestamp', async () => {
    const env = 'order'
    await installation.prepare(stream, env, `table_${env}`)
    const longName = 'x'.repeat(70_000)
    await installation.cql.execute(`CREATE INDEX order_by_name ON sunbird_programs.table_${env} (program_name)`)
    const consents = (requestForPIIConsent: boolean, programName: string): Buffer =>
      Buffer.from(
        JSON.stringify({
          programId: 'p',
          userId: 'u',
          programName,
          requestForPIIConsent,
          createdAt: good,
          updatedAt: good,
        }),
      )
    const timestamp = String(Date.now() - 5000)
    await installation.publish(topicOf(env), [
      { value: consents(false, 'n'), partition: 0, timestamp },
      { value: consents(true, longName), partition: 0, timestamp },
    ])
    const worker = new Worker(envOf(env))
    // A refused row is to blame only once another one is accepted after it.
    const other = JSON.stringify({ programId: 'q', userId: 'v', createdAt: good, updatedAt: good })
    await eventually('the refused row is a dead letter', async () => {
      await installation.publish(topicOf(env), [{ value: Buffer.from(other), partition: 0 }])
      assert.ok(worker.log.some(({ message }) => message === 'dead letter'))
    })
    await settled(env)
    const consent = async (): Promise<unknown> =>
      (
        await installation.cql.execute(
          `SELECT pii_consent_required FROM sunbird_programs.table_${env} WHERE program_id = 'p'`,
        )
      ).first()['pii_consent_required']
    assert.equal(await consent(), false)
    await installation.cql.execute('DROP INDEX sunbird_programs.order_by_name')
    const { code, output } = await tool(env, 'replay', '--yes')
    assert.equal(code, 0)
    assert.match(output, /^1 replayed/)
    await settled(env)
    assert.equal(await consent(), true)
    assert.equal(await worker.stop(), 0)
  })

  // Neither may hide later updates of its row.
  test('a replay timestamp in the future, or a record without a timestamp, freezes no row', async () => {
    const env = 'times'
    await installation.prepare(stream, env, `table_${env}`)
    const future = ['sunbird.replay.timestamp', 'sunbird.replay.write.timestamp'].map((name, n) => ({
      value: event(`frozen-${n}`, 'old', good),
      headers: { [name]: n === 0 ? '4102444800000' : '4102444800000000' },
      partition: 0,
    }))
    await installation.publish(topicOf(env), future)
    await installation.publish(topicOf(env), [{ value: event('timeless', 'n'), timestamp: '-1', partition: 0 }])
    const worker = new Worker(envOf(env))
    await settled(env)
    await installation.publish(
      topicOf(env),
      [0, 1].map(n => ({ value: event(`frozen-${n}`, 'new', good), partition: 0 })),
    )
    await settled(env)
    assert.deepEqual(await names(env), { 'frozen-0': 'new', 'frozen-1': 'new' })
    const dry = await tool(env, 'replay', '--dry-run')
    assert.match(dry.output, /^1 would be replayed/)
    assert.doesNotMatch(dry.output, /cannot/)
    assert.match(dry.errors, new RegExp(`found no other consumer group that reads ${topicOf(env)}`))
    assert.equal(await worker.stop(), 0)
  })

  test('a replay names the other groups that read the source topic', async () => {
    const env = 'readers'
    await installation.prepare(stream, env, `table_${env}`)
    const first = new Worker({ ...envOf(env), KAFKA_GROUP_ID: 'reports' })
    const worker = new Worker(envOf(env))
    await eventually('both groups have their members', async () => {
      const { errors } = await tool(env, 'replay', '--dry-run')
      assert.match(errors, /^these consumer groups also read .* and will receive the replayed messages: reports\n/)
    })
    assert.deepEqual([await first.stop(), await worker.stop()], [0, 0])
  })

  // A plain object has members of these names already, or loses what is assigned to them.
  test('with header names that every object has are listed, shown and replayed unchanged, and so are their neighbours', async () => {
    const env = 'names'
    await installation.prepare(stream, env, `table_${env}`)
    const hostile = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf']
    const theirs = hostile.map(name => [name, `of ${name}`] as const)
    const headers = Object.fromEntries<string | string[]>([...theirs, ['constructors', ['first', 'last']]])
    await installation.publish(topicOf(env), [
      { value: 'bad 1', partition: 0 },
      { value: 'bad 2', partition: 0, headers },
      { value: 'bad 3', partition: 0 },
    ])
    const worker = new Worker(envOf(env))
    await settled(env)
    assert.equal(await worker.stop(), 0)

    const counted = await tool(env, 'list')
    assert.match(counted.output, /: 3\n/, counted.errors)
    const { code, output, errors } = await tool(env, 'show', '--partition', '0', '--offset', '1')
    assert.equal(code, 0, errors)
    const shown = output.split('\n').filter(line => line.startsWith('  ') && !line.includes('__connect.errors'))
    assert.deepEqual(
      shown.sort(),
      [...theirs.map(([name, value]) => `  ${name}: ${value}`), '  constructors: first', '  constructors: last'].sort(),
    )
    const replayed = await tool(env, 'replay', '--yes')
    assert.deepEqual([replayed.code, replayed.output.split('\n')[0]], [0, `3 replayed to ${topicOf(env)}`])

    // Kafka's own consumer: that of the client has the same problem with these names.
    const topics = new TopicReader()
    try {
      const letters = await topics.read(installation.kafka.bootstrap, `${topicOf(env)}.failed`)
      const events = await topics.read(installation.kafka.bootstrap, topicOf(env))
      assert.deepEqual([letters.length, events.length], [3, 6])
      for (const found of [letters[1], events[4]]) {
        assert.deepEqual(String(found?.value), 'bad 2')
        for (const [name, value] of [...theirs, ['constructors', 'last'] as const]) {
          assert.equal(found?.headers.get(name), value, name)
        }
      }
    } finally {
      await topics.close()
    }
  })

  test('with very many headers are listed within seconds', async () => {
    const env = 'many'
    await installation.prepare(stream, env, `table_${env}`)
    const headers = Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`h${n}`, 'x']))
    await installation.publish(topicOf(env), [{ value: 'bad', partition: 0, headers }])
    const worker = new Worker(envOf(env))
    await settled(env)
    assert.equal(await worker.stop(), 0)
    const startedAt = performance.now()
    const { code, output, errors } = await tool(env, 'list')
    assert.equal(code, 0, errors)
    assert.match(output, /: 1\n/)
    assert.ok(performance.now() - startedAt < 15_000)
  })

  test('a record batch that cannot be decoded is named, and can be left out', async () => {
    const env = 'corrupt'
    await installation.prepare(stream, env, `table_${env}`)
    await wronglyRejected(env, ['u1'])
    // The broker accepts content of any size.
    const large = [{ value: 'a' }, { value: Buffer.alloc(contentLimit) }]
    await installation.publish(`${topicOf(env)}.failed`, large, CompressionTypes.GZIP)
    await wronglyRejected(env, ['u2'])
    const { code, errors } = await tool(env, 'list')
    assert.equal(code, 1)
    assert.match(
      errors,
      /^corrupt\.programuser\.info\.failed, partition 0: the record batch at offsets 1 to 2 cannot be decoded: .*; to continue after it, use --partition 0 --offset 3-;.*\n$/,
    )
    assert.match((await tool(env, 'list', '--partition', '0', '--offset', '3-')).output, /: 1\n/)
  })

  test('an unreachable broker, a missing topic and wrong settings are reported, without secrets', async () => {
    const secret = 'hunter2hunter2'
    const login = { KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_USERNAME: 'u', KAFKA_SASL_PASSWORD: secret }
    const runs: [env: Record<string, string>, code: number, says: RegExp][] = [
      [{ ...login, KAFKA_BROKER_SERVERS: '127.0.0.1:1' }, 1, /ECONNREFUSED.*sunbird-streams check/],
      [{ ...installation.env, ENV: 'nowhere' }, 1, /topic.*sunbird-streams check/],
      [{ ...login, KAFKA_BROKER_SERVERS: 'nonsense' }, 78, /KAFKA_BROKER_SERVERS holds "nonsense"/],
    ]
    for (const [env, expected, says] of runs) {
      const { code, output, errors } = await command(env, 'dead-letters', 'list')
      assert.equal(code, expected, errors)
      assert.match(errors, says)
      assert.doesNotMatch(output + errors, new RegExp(secret))
    }
    assert.equal((await command({}, 'dead-letters', 'list', '--frm', '1')).code, 64)
  })
})
