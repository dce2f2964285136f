// What compose.yaml needs for a first look: a table, and a few events.
import { createTable } from '../src/cassandra/statements.ts'
import { type Stream } from '../src/stream/definition.ts'
import { type Sample } from '../test/streams/samples.ts'

const shown = [
  'full-event',
  'last-user-type-and-distinct-sub-types',
  'locations-keep-what-is-filled',
  'programme-absent',
]

/** CQL that may run again and again. */
export const tableScript = ({ defaults: { keyspace, table }, table: definition }: Stream): string =>
  [
    '-- Made by `npm run docs`: do not edit.',
    `CREATE KEYSPACE IF NOT EXISTS ${keyspace}`,
    "  WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1};",
    createTable(definition, keyspace, table).replace('CREATE TABLE ', 'CREATE TABLE IF NOT EXISTS '),
    '',
  ].join('\n')

/** One event a line: samples of the stream, the last of them a dead letter. */
export const firstEvents = (samples: readonly Sample[]): string =>
  shown.map(name => `${samples.find(sample => sample.name === name)?.value.toString() ?? ''}\n`).join('')
