import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type FoundColumn, schemaFaults } from '../../src/cassandra/check.ts'

const definition = {
  columns: { p: 'text', day: 'date', r: 'text', seen: 'boolean', places: 'map<text,text>' },
  partitionKey: ['p', 'day'],
  clusteringKey: ['r'],
} as const

const name = { keyspace: 'courses', table: 'visits', localDatacenter: 'south' }

/** A suitable table, as Cassandra describes it. */
const fitting: readonly FoundColumn[] = [
  { column_name: 'p', kind: 'partition_key', type: 'text', position: 0 },
  { column_name: 'day', kind: 'partition_key', type: 'date', position: 1 },
  { column_name: 'r', kind: 'clustering', type: 'text', position: 0 },
  { column_name: 'seen', kind: 'regular', type: 'boolean', position: -1 },
  { column_name: 'places', kind: 'regular', type: 'map<text, text>', position: -1 },
]

/** The suitable table with one column changed or removed. */
const butFor = (column: string, over?: Partial<FoundColumn>): FoundColumn[] =>
  fitting.flatMap(found => (found.column_name !== column ? [found] : over === undefined ? [] : [{ ...found, ...over }]))

type Case = [name: string, found: readonly FoundColumn[], faults: string[]]

const cases: Case[] = [
  ['that matches has no fault', fitting, []],
  ['may have its columns in any order', [...fitting].reverse(), []],
  [
    'may have additional columns',
    [...fitting, { column_name: 'theirs', kind: 'regular', type: 'int', position: -1 }],
    [],
  ],
  [
    'may have an additional static column',
    [...fitting, { column_name: 'theirs', kind: 'static', type: 'int', position: -1 }],
    [],
  ],
  [
    'that is missing is reported with the CQL that creates it',
    [],
    [
      'there is no table courses.visits; create it: CREATE TABLE courses.visits (p text, day date, r text, seen boolean, ' +
        'places map<text,text>, PRIMARY KEY ((p, day), r));',
    ],
  ],
  [
    'without a column is reported with the CQL that adds it',
    butFor('places'),
    ['column places is missing; add it: ALTER TABLE courses.visits ADD places map<text,text>;'],
  ],
  ['without a key column must be recreated', butFor('r'), ['key column r is missing: the table must be recreated']],
  [
    'with a column of another type is reported',
    butFor('seen', { type: 'text' }),
    ['column seen is text, but must be boolean'],
  ],
  [
    'with a frozen map is reported, because such a map is written as a whole',
    butFor('places', { type: 'frozen<map<text, text>>' }),
    ['column places is frozen<map<text, text>>, but must be map<text,text>'],
  ],
  [
    'with a static instead of a regular column is reported',
    butFor('seen', { kind: 'static' }),
    ['column seen is static -1, but must be regular -1'],
  ],
  [
    'with a clustering instead of a partition key column is reported',
    butFor('day', { kind: 'clustering', position: 1 }),
    ['column day is clustering 1, but must be partition_key 1'],
  ],
  [
    'with its partition key in another order is reported, because its rows are elsewhere',
    butFor('p', { position: 1 }).map(found => (found.column_name === 'day' ? { ...found, position: 0 } : found)),
    [
      'column p is partition_key 1, but must be partition_key 0',
      'column day is partition_key 0, but must be partition_key 1',
    ],
  ],
  [
    'with an unknown key column is reported',
    [...fitting, { column_name: 'hour', kind: 'clustering', type: 'int', position: 1 }],
    ['this stream does not know the key column hour'],
  ],
  [
    'with several faults is reported with all of them',
    butFor('seen', { type: 'int' }).filter(({ column_name }) => column_name !== 'places'),
    [
      'column seen is int, but must be boolean',
      'column places is missing; add it: ALTER TABLE courses.visits ADD places map<text,text>;',
    ],
  ],
]

describe('a table', () => {
  for (const [says, found, faults] of cases) {
    test(says, () => assert.deepEqual(schemaFaults(definition, name, found), faults))
  }
})

test('a missing keyspace is reported with the CQL that creates it and the table', () => {
  assert.deepEqual(schemaFaults(definition, name, [], false), [
    'there is no keyspace courses; create it and the table, with the replication you need: ' +
      "CREATE KEYSPACE courses WITH replication = {'class': 'NetworkTopologyStrategy', 'south': 3}; " +
      'CREATE TABLE courses.visits (p text, day date, r text, seen boolean, places map<text,text>, PRIMARY KEY ((p, day), r));',
  ])
})
