import { types } from 'cassandra-driver'
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Stream } from '../../src/stream/definition.ts'
import { loadStream } from '../../src/stream/load.ts'
import { installedCassandra, newestCassandra } from '../../rig/servers/cassandra.ts'
import { newestKafka } from '../../rig/servers/kafka.ts'
import { command } from './command.ts'
import { Installation } from './installation.ts'

// A table of its own, because every row is counted.
const tableName = 'table_mend'
const table = `sunbird_programs.${tableName}`
const old = 1_700_000_000_000_000

for (const cassandra of [installedCassandra, newestCassandra]) {
  describe(`rows with print-outs of a Scala Option, on Cassandra ${cassandra}`, () => {
    // Both Cassandras share one Kafka.
    const env = `mend-${cassandra}`
    let installation: Installation
    let stream: Stream
    before(async () => {
      ;[installation, stream] = await Promise.all([
        Installation.start({ kafka: newestKafka, cassandra }),
        loadStream('program-user-info'),
      ])
      await installation.prepare(stream, env, tableName)
    })
    after(() => installation.stop())

    const insert = (row: Record<string, unknown>, timestamp: number) =>
      installation.cql.execute(
        `INSERT INTO ${table} (${Object.keys(row).join(', ')}) ` +
          `VALUES (${Object.keys(row)
            .map(() => '?')
            .join(', ')}) USING TIMESTAMP ?`,
        [...Object.values(row), types.Long.fromNumber(timestamp)],
        { prepare: true },
      )
    const rowOf = async (user: string): Promise<Record<string, unknown>> => {
      const { rows } = await installation.cql.execute(`SELECT * FROM ${table} WHERE program_id = 'p' AND user_id = ?`, [
        user,
      ])
      return Object.fromEntries(Object.entries(rows[0] ?? {}).filter(([, value]) => value !== null))
    }
    const timeOf = async (user: string, column: string): Promise<number> => {
      const query = `SELECT writetime(${column}) AS t FROM ${table} WHERE program_id = 'p' AND user_id = '${user}'`
      return Number((await installation.cql.execute(query)).first()['t'])
    }
    const mend = async (...args: string[]) => {
      const ended = await command({ ...installation.env, ENV: env, ML_CASSANDRA_TABLE: tableName }, 'mend', ...args)
      assert.doesNotMatch(ended.output + ended.errors, /East Board|Eastland/)
      return ended
    }

    const printed = {
      program_id: 'p',
      program_externalid: 'Some(PGM-READ-07)',
      program_name: 'Read Together',
      pii_consent_required: true,
      organisation_id: 'None',
      organisation_name: 'Some(East Board)',
      user_type: 'Some(administrator)',
      user_sub_type: 'None',
      user_locations: { 'Some(state)_name': 'Some(Eastland)', state_code: '21', 'Some(state)_id': 'None' },
    }
    const mended = {
      program_id: 'p',
      program_externalid: 'PGM-READ-07',
      program_name: 'Read Together',
      pii_consent_required: true,
      organisation_name: 'East Board',
      user_type: 'administrator',
      user_locations: { state_name: 'Eastland', state_code: '21' },
    }

    test('are counted by a dry run, then repaired once; all others are left alone', async () => {
      const good = { ...mended, user_id: 'good', organisation_name: 'Some (of us)' }
      const users = Array.from({ length: 1200 }, (_, n) => `user-${n}`)
      for (let from = 0; from < users.length; from += 100) {
        await Promise.all(users.slice(from, from + 100).map(user_id => insert({ ...printed, user_id }, old)))
      }
      await insert(good, old)
      for (let n = 0; n < 50; n++) await insert({ ...printed, program_id: `p${n}`, user_id: 'u' }, old)

      const dry = await mend('--dry-run')
      assert.equal(dry.code, 0, dry.errors)
      assert.match(dry.output, /^1250 of 1251 rows would be repaired\n[^]*organisation_name: 1250\n/)
      assert.equal((await rowOf('user-0'))['user_type'], 'Some(administrator)')

      const wet = await mend('--write')
      assert.match(wet.output, /^1250 of 1251 rows repaired\n/)
      for (const user_id of ['user-0', 'user-1199']) assert.deepEqual(await rowOf(user_id), { ...mended, user_id })
      assert.deepEqual(await rowOf('good'), good)
      assert.deepEqual(
        await Promise.all([
          timeOf('user-0', 'organisation_name'),
          timeOf('user-0', 'program_name'),
          timeOf('good', 'user_type'),
        ]),
        [old + 1, old, old],
      )
      assert.match((await mend('--write')).output, /^0 of 1251 rows repaired\n/)
    })

    test('that an event has changed meanwhile keep its values, also in the map', async () => {
      const newer = {
        program_id: 'p',
        user_id: 'late',
        organisation_name: 'West Board',
        user_locations: { block_id: 'b' },
      }
      await insert({ ...printed, user_id: 'late' }, old)
      await insert({ ...newer, updated_at: types.LocalDate.now() }, old + 2)
      await mend('--write')
      const row = await rowOf('late')
      assert.equal(row['organisation_name'], 'West Board')
      assert.deepEqual(row['user_locations'], { block_id: 'b' })
      assert.equal(row['user_type'], 'administrator')

      // An event that was read before the repair and is written after it.
      await insert({ ...printed, user_id: 'race' }, old)
      await mend('--write')
      await insert({ ...newer, user_id: 'race' }, old + 2)
      assert.deepEqual((await rowOf('race'))['user_locations'], { block_id: 'b' })
      assert.equal((await rowOf('race'))['organisation_name'], 'West Board')
    })

    test('are not changed without --write', async () => {
      const { code, errors } = await mend()
      assert.equal(code, 64)
      assert.match(errors, /use either --dry-run or --write/)
    })
  })
}
