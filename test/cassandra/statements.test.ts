import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { types } from 'cassandra-driver'
import { packer } from '../../src/cassandra/packed.ts'
import { addColumn, type BoundValue, createTable, emptyUpdate, statements } from '../../src/cassandra/statements.ts'
import { remove, type TableDefinition, upsert } from '../../src/stream/definition.ts'
import { programEnrollment } from '../../streams/program-user-info/table.ts'

const visits = {
  columns: { site: 'text', day: 'date', visitor: 'text', count: 'int', note: 'text' },
  partitionKey: ['site', 'day'],
  clusteringKey: ['visitor'],
} as const satisfies TableDefinition

const pack = packer(visits)
const visit = statements(visits, 'web', 'visits')

const asText = (param: BoundValue): string => {
  if (Buffer.isBuffer(param)) return param.toString('hex')
  if (param === null) return 'null'
  return param === types.unset ? 'unset' : 'none of the three'
}

/** Parameters as one line: hex, `null` or `unset`. */
const shown = (params: readonly BoundValue[]): string => params.map(asText).join(' ')

const key = { site: 's', day: 0, visitor: 'v' }
const keyBytes = '73 80000000 76'
const writeTimestamp = 1_690_431_138_511_000
const timestampBytes = '000601702b873898'

describe('an upsert', () => {
  test('is an INSERT of every column with the write timestamp last', () => {
    assert.equal(
      visit.bind(pack(upsert(key, 0)), writeTimestamp).query,
      'INSERT INTO "web"."visits" ("site", "day", "visitor", "count", "note") VALUES (?, ?, ?, ?, ?) USING TIMESTAMP ?',
    )
  })

  const table: readonly (readonly [what: string, row: object, params: string])[] = [
    ['binds each value in the order of the columns', { note: 'n', count: 2 }, '00000002 6e'],
    ['leaves a missing column unset', { count: 2 }, '00000002 unset'],
    ['sets a column to null', { count: null, note: 'n' }, 'null 6e'],
    ['distinguishes an empty text from null', { count: 0, note: '' }, '00000000 '],
    ['ignores names that are not columns', { elsewhere: 'e' }, 'unset unset'],
  ]
  for (const [what, row, params] of table) {
    test(what, () => {
      assert.equal(
        shown(visit.bind(pack(upsert({ ...key, ...row }, 0)), writeTimestamp).params),
        `${keyBytes} ${params} ${timestampBytes}`,
      )
    })
  }

  test('has one form for any unset columns, so that it is prepared once', () => {
    const queries = [{}, { count: 1 }, { count: null, note: 'n' }].map(
      row => visit.bind(pack(upsert({ ...key, ...row }, 0)), writeTimestamp).query,
    )
    assert.equal(new Set(queries).size, 1)
  })
})

describe('a removal', () => {
  test('is a DELETE by the whole key with the write timestamp first', () => {
    const { query, params } = visit.bind(pack(remove(key, 0)), writeTimestamp)
    assert.equal(query, 'DELETE FROM "web"."visits" USING TIMESTAMP ? WHERE "site" = ? AND "day" = ? AND "visitor" = ?')
    assert.equal(shown(params), `${timestampBytes} ${keyBytes}`)
  })
})

describe('names', () => {
  test('keep their case in statements', () => {
    const { query } = statements(visits, 'Web', 'Visits2').bind(pack(remove(key, 0)), 1)
    assert.match(query, /^DELETE FROM "Web"\."Visits2" /)
  })

  test('cannot end their quotes', () => {
    const { query } = statements(visits, 'web', 'visits" USING TTL 1; --').bind(pack(remove(key, 0)), 1)
    assert.match(query, /^DELETE FROM "web"\."visits"" USING TTL 1; --" USING TIMESTAMP \?/)
  })

  test('of a key that is not a column are an error in the definition', () => {
    const broken = { ...visits, clusteringKey: ['visitors'] }
    assert.throws(() => packer(broken), /has no column visitors/)
  })
})

describe('the CQL for people', () => {
  test('creates the table of the contract', () => {
    assert.equal(
      createTable(programEnrollment, 'sunbird_programs', 'program_enrollment'),
      'CREATE TABLE sunbird_programs.program_enrollment (program_id text, user_id text, program_externalid text, ' +
        'program_name text, pii_consent_required boolean, organisation_id text, organisation_name text, ' +
        'user_type text, user_sub_type text, user_locations map<text,text>, created_at date, updated_at date, ' +
        'PRIMARY KEY (program_id, user_id));',
    )
  })

  test('creates a table with a composite partition key', () => {
    assert.match(createTable(visits, 'web', 'visits'), /PRIMARY KEY \(\(site, day\), visitor\)\);$/)
  })

  test('creates a table without clustering columns', () => {
    assert.match(createTable({ ...visits, clusteringKey: [] }, 'web', 'visits'), /PRIMARY KEY \(\(site, day\)\)\);$/)
    assert.match(
      createTable({ ...visits, partitionKey: ['site'], clusteringKey: [] }, 'web', 'visits'),
      /PRIMARY KEY \(site\)\);$/,
    )
  })

  test('adds a column with its type', () => {
    assert.equal(addColumn(visits, 'web', 'visits', 'count'), 'ALTER TABLE web.visits ADD count int;')
  })

  test('quotes a name that would change without quotes', () => {
    assert.equal(addColumn(visits, 'Web', 'visits', 'count'), 'ALTER TABLE "Web".visits ADD count int;')
  })
})

test('an update that changes nothing sets every column that is not part of the key, with the write timestamp first', () => {
  assert.equal(
    emptyUpdate(['count', 'note'], ['site', 'day', 'visitor'], 'web', 'visits'),
    'UPDATE "web"."visits" USING TIMESTAMP ? SET "count" = ?, "note" = ? WHERE "site" = ? AND "day" = ? AND "visitor" = ?',
  )
})
