import { types } from 'cassandra-driver'
import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { keyHash, keyOf } from '../../src/audit/cells.ts'
import { type Difference } from '../../src/audit/result.ts'
import { deadLetterHeaders } from '../../src/kafka/headers.ts'
import { type Stream } from '../../src/stream/definition.ts'
import { loadStream } from '../../src/stream/load.ts'
import { newestCassandra } from '../../rig/servers/cassandra.ts'
import { newestKafka } from '../../rig/servers/kafka.ts'
import { command } from './command.ts'
import { eventually } from '../../rig/eventually.ts'
import { Installation } from './installation.ts'
import { type Env, killWorkers, Worker } from './worker.ts'

const personal = 'Eastland'

const event = (userId: string, programName: string, more: object = {}): Buffer =>
  Buffer.from(
    JSON.stringify({
      programId: 'p',
      userId,
      programName,
      userProfile: {
        rootOrg: { id: 'o', orgName: `${personal} Board` },
        userLocations: [{ type: 'state', id: 's', name: personal, code: '21' }],
      },
      createdAt: '2026-01-01T00:00:00Z',
      updatedAt: '2026-01-01T00:00:00Z',
      ...more,
    }),
  )

const users = Array.from({ length: 40 }, (_, n) => `u${n}`)

describe(`an audit on Kafka ${newestKafka} and Cassandra ${newestCassandra}`, () => {
  let installation: Installation
  let stream: Stream
  let folder: string
  const topic = 'audit.programuser.info'
  const group = 'audit-programuser-group'
  const tableName = 'table_audit'
  const table = `sunbird_programs.${tableName}`
  const env = () => ({ ...installation.env, ENV: 'audit', ML_CASSANDRA_TABLE: tableName })

  const settled = (): Promise<void> =>
    eventually('everything is committed', async () => {
      const [committed, total] = await Promise.all([installation.committed(group, topic), installation.count(topic)])
      assert.equal(committed, total)
    })

  const audit = async (...given: (string | Env)[]) => {
    const args = given.filter(one => typeof one === 'string')
    const more = given.filter(one => typeof one !== 'string')
    const ended = await command(Object.assign({}, env(), ...more) as Env, 'audit', ...args)
    assert.doesNotMatch(ended.output + ended.errors, new RegExp(personal))
    return ended
  }

  const asJson = async (...args: (string | Env)[]) => {
    const { code, output, errors } = await audit('--json', ...args)
    const lines = output
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as Difference)
    return {
      code,
      differences: lines.slice(0, -1),
      summary: lines.at(-1) as unknown as Record<string, unknown>,
      errors,
    }
  }

  const hashOf = (user: string): string => keyHash(keyOf([Buffer.from('p'), Buffer.from(user)]))
  /** What is reported about a user's row, or about an offset of the topic. */
  const told = (differences: readonly Difference[]) =>
    differences
      .map(({ kind, keyHash: hash, partition, offset, columns }) => {
        const who = [...users, 'extra', 'late'].find(user => hashOf(user) === hash) ?? `${partition}:${offset}`
        return [kind, who, ...(columns ?? [])].join(' ')
      })
      .sort()

  const publish = (partition: number, values: readonly Buffer[]) =>
    installation.publish(
      topic,
      values.map(value => ({ value, partition })),
    )
  const cql = (query: string, values: unknown[] = []) => installation.cql.execute(query, values, { prepare: true })
  const timeOf = async (user: string): Promise<types.Long> => {
    const query = `SELECT writetime(program_name) AS t FROM ${table} WHERE program_id = 'p' AND user_id = '${user}'`
    return (await installation.cql.execute(query)).first()['t'] as types.Long
  }

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'audit-test-'))
    ;[installation, stream] = await Promise.all([
      Installation.start({ kafka: newestKafka, cassandra: newestCassandra }),
      loadStream('program-user-info'),
    ])
    await installation.prepare(stream, 'audit', tableName)
    // Each user has two versions. The later one leaves the profile's columns unchanged.
    await publish(0, [
      ...users.map(user => event(user, 'first')),
      ...users.map(user => event(user, 'second', { userProfile: undefined, requestForPIIConsent: true })),
    ])
    await publish(1, [event('', 'bad'), Buffer.from('no JSON'), event('w', 'only')])
  })
  after(async () => {
    killWorkers()
    await installation.stop()
    await rm(folder, { recursive: true })
  })

  test('cannot tell before the group has committed', async () => {
    const { code, output } = await audit()
    assert.equal(code, 2)
    assert.match(output, /the group has no committed offset/)
  })

  test('finds no difference after a worker has processed everything', async () => {
    const worker = new Worker(env())
    await settled()
    assert.equal(await worker.stop(), 0)
    const named = await asJson()
    assert.equal(named.code, 0, JSON.stringify(named))
    assert.deepEqual(named.differences, [])
    const { events, rows, equal, rejected, lettersFound } = named.summary
    assert.deepEqual(
      { events, rows, equal, rejected, lettersFound },
      { events: 83, rows: 41, equal: 41, rejected: 2, lettersFound: 2 },
    )
    const some = await asJson('--sample', '7')
    assert.deepEqual([some.code, some.summary['rows']], [0, 7])
  })

  test('says in one line that it cannot write the result, and fails, but not as if something differed', async () => {
    const file = join(folder, 'nowhere', 'audit.prom')
    const says = `cannot write AUDIT_RESULT_FILE: ENOENT: no such file or directory, open '${file}.new'\n`
    const unwritten = await audit({ AUDIT_RESULT_FILE: file })
    assert.match(unwritten.output, /table and dead letters match the topic/)
    assert.deepEqual([unwritten.code, unwritten.errors], [2, says])
    const { code, errors } = await audit('--table', 'sunbird_programs.nothing', { AUDIT_RESULT_FILE: file })
    assert.equal(code, 2)
    assert.match(errors, /^cannot write AUDIT_RESULT_FILE: .*\ncannot tell whether table and topic match: .*\n$/)
  })

  test('reports each kind of corrupted row and of wrong dead letter', async () => {
    const row = (user: string) => `WHERE program_id = 'p' AND user_id = '${user}'`
    await cql(`DELETE FROM ${table} ${row('u0')}`)
    // With the same write timestamp as the event: of two values the greater one wins.
    await cql(`UPDATE ${table} USING TIMESTAMP ? SET program_name = 'third' ${row('u1')}`, [await timeOf('u1')])
    await cql(`UPDATE ${table} SET organisation_name = 'x' ${row('u2')}`)
    await cql(`UPDATE ${table} SET program_name = 'first', pii_consent_required = false ${row('u3')}`)
    await cql(`UPDATE ${table} SET user_locations['state_name'] = 'x' ${row('u4')}`)
    await cql(`DELETE user_locations FROM ${table} ${row('u5')}`)
    await cql(`UPDATE ${table} SET program_name = 'Some(second)' ${row('u6')}`)
    await cql(`INSERT INTO ${table} (program_id, user_id, program_name) VALUES ('p', 'extra', 'x')`)
    await cql(
      `INSERT INTO ${table} (program_id, user_id, program_name) VALUES ('old', 'extra', 'x') USING TIMESTAMP 1000`,
    )
    // No worker reads these, so their row and dead letter are missing.
    await publish(0, [event('late', 'lost'), Buffer.from('no JSON either')])
    const high = (await installation.admin.fetchTopicOffsets(topic)).map(({ partition, high: offset }) => ({
      partition,
      offset,
    }))
    await installation.admin.setOffsets({ groupId: group, topic, partitions: high })
    // One dead letter twice, and one for an event that becomes a row.
    const [letter] = await installation.read(`${topic}.failed`)
    assert.ok(letter !== undefined)
    const headers = letter.headers as Record<string, Buffer>
    await installation.publish(`${topic}.failed`, [
      { key: letter.key, value: letter.value, headers },
      {
        key: null,
        value: event('u7', 'second'),
        headers: { ...headers, [deadLetterHeaders.partition]: '0', [deadLetterHeaders.offset]: '7' },
      },
    ])

    const expected = [
      'different u1 program_name',
      'different u4 user_locations',
      'different u5 user_locations',
      'letter-twice 1:0',
      'missing late',
      'missing u0',
      'newer u2 organisation_name',
      'no-letter 0:81',
      'older u3 program_name pii_consent_required',
      'print-out u6 program_name',
      'unexpected-letter 0:7',
    ]
    const named = await asJson()
    assert.deepEqual(told(named.differences), expected)
    assert.equal(named.code, 1)
    const whole = await asJson('--whole-table')
    assert.deepEqual(told(whole.differences), [...expected.slice(0, 3), 'extra extra', ...expected.slice(3)])
    assert.equal(whole.summary['before'], 1)
    const { output } = await audit('--from', '0:80')
    assert.match(output, /missing +0:80[^]*no-letter +0:81[^]*TABLE AND TOPIC DO NOT MATCH[^]*--from 0:82,1:3/)
  })

  test('compares only the events between --from and --to', async () => {
    const { code, differences, summary } = await asJson('--from', '0:40,1:3', '--to', '0:80,1:3')
    // Their later events set neither the organisation nor the locations.
    assert.deepEqual(told(differences), [
      'different u1 program_name',
      'missing u0',
      'newer u3 program_name pii_consent_required',
      'print-out u6 program_name',
    ])
    assert.deepEqual([code, summary['events']], [1, 40])
    assert.equal((await audit('--from', '0:82,1:3')).code, 2)
  })

  test('compares another table, and recognises print-outs of the old job', async () => {
    const old = 'sunbird_programs.old_job'
    await cql(`CREATE TABLE ${old} (program_id text, user_id text, program_externalid text, program_name text,
      pii_consent_required boolean, organisation_id text, organisation_name text, user_type text, user_sub_type text,
      user_locations map<text, text>, created_at date, updated_at date, PRIMARY KEY (program_id, user_id))`)
    const day = types.LocalDate.fromString('2026-01-01')
    for (const user of [...users, 'w', 'late']) {
      const name = user === 'w' ? 'only' : user === 'late' ? 'lost' : 'second'
      await cql(
        `INSERT INTO ${old} (program_id, user_id, program_name, pii_consent_required, organisation_id, organisation_name,
          user_locations, created_at, updated_at) VALUES ('p', ?, ?, ?, ?, ?, ?, ?, ?)`,
        [
          ...[user, name, name === 'second', 'Some(o)', `Some(${personal} Board)`],
          ...[{ 'Some(state)_id': 'Some(s)', 'Some(state)_name': `Some(${personal})`, state_code: '21' }, day, day],
        ],
      )
    }
    const { code, differences, summary } = await asJson('--table', old)
    const rows = differences.filter(({ keyHash: hash }) => hash !== undefined)
    assert.deepEqual(
      new Set(rows.map(({ kind, columns }) => [kind, ...(columns ?? [])].join(' '))),
      new Set(['print-out organisation_id organisation_name user_locations']),
    )
    assert.deepEqual([code, rows.length, summary['printOut'], summary['equal']], [1, 42, 42, 0])
  })

  test('with --fix, publishes the differing events again, and then finds only differing dead letters', async () => {
    assert.equal((await audit('--fix')).code, 64)
    const resultFile = join(folder, 'audit.prom')
    assert.equal((await audit({ AUDIT_RESULT_FILE: resultFile })).code, 1)
    // A result that cannot be written neither hides the differences nor prevents their repair.
    const fixing = await asJson('--fix', '--yes', { AUDIT_RESULT_FILE: join(folder, 'nowhere', 'audit.prom') })
    assert.equal(fixing.code, 1)
    assert.match(fixing.errors, /^cannot write AUDIT_RESULT_FILE: ENOENT/)
    assert.match(fixing.errors, /no other consumer group that reads[^]* events published again/)
    assert.match(
      await readFile(resultFile, 'utf8'),
      /^sunbird_streams_audit_differences\{stream="program-user-info"\} 10$/m,
    )
    const worker = new Worker({ ...env(), AUDIT_RESULT_FILE: resultFile })
    await settled()
    const url = String((await worker.logged('serving metrics, probes and the page'))['url'])
    const state = (await (await fetch(`${url}state`)).json()) as { audited: object }
    assert.deepEqual(
      { ...state.audited, finishedAt: 0 },
      { finishedAt: 0, events: 85, rows: 42, differences: 10, isUndecided: false },
    )
    assert.equal(await worker.stop(), 0)
    const { differences, summary } = await asJson()
    assert.deepEqual(told(differences), ['letter-twice 1:0', 'unexpected-letter 0:7'])
    assert.deepEqual([summary['equal'], summary['noLetter']], [42, 0])
  })

  test('cannot tell if the table cannot be used, or if retention has removed events', async () => {
    assert.equal((await audit('--table', 'sunbird_programs.nothing')).code, 2)
    await installation.admin.deleteTopicRecords({ topic, partitions: [{ partition: 1, offset: '3' }] })
    const { code, output } = await audit('--from', '0:81,1:0')
    assert.match(output, /partition 1: retention removed the events from 0 to 2/)
    assert.equal(code, 2)
  })
})
