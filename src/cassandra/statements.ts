import { types } from 'cassandra-driver'
import { type Change, type Columns, type ColumnType, type TableDefinition } from '../stream/definition.ts'
import { encodeLong, encoders } from './encode.ts'

/** A value as the protocol wants it, null, or unset, which leaves the column as it is in the table. */
export type BoundValue = Buffer | null | typeof types.unset

/** A prepared statement with its values. */
export interface Bound {
  readonly query: string
  readonly params: BoundValue[]
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** For people: without quotes where the name means the same without them. */
const shown = (name: string): string => (/^[a-z][a-z0-9_]*$/.test(name) ? name : quoted(name))

interface Column {
  readonly name: string
  readonly encode: (value: unknown) => Buffer
}

const typeOf = ({ columns }: TableDefinition, name: string): ColumnType => {
  const type = columns[name]
  if (type === undefined) throw new Error(`the table definition has no column ${name}`)
  return type
}

/** Encodes a value that is the same as the one before only once: the rows of a batch have their partition's in common. */
const remembering = (encode: Column['encode']): Column['encode'] => {
  let last: unknown
  let encoded: Buffer | undefined
  return value => {
    if (encoded !== undefined && value === last) return encoded
    last = value
    encoded = encode(value)
    return encoded
  }
}

const columnOf = (definition: TableDefinition, name: string): Column => ({
  name,
  encode: remembering(encoders[typeOf(definition, name)] as Column['encode']),
})

const bound = (values: Columns, { name, encode }: Column): BoundValue => {
  const value = values[name]
  if (value === undefined) return types.unset
  return value === null || Buffer.isBuffer(value) ? value : encode(value)
}

/**
 * The two statements that write to a table, one prepared shape each: columns left out are bound as unset, which takes
 * protocol 4. Write timestamps are microseconds.
 */
export const statements = (
  definition: TableDefinition,
  keyspace: string,
  table: string,
): { bind(change: Change, writeTimestamp: number): Bound } => {
  const columns = Object.keys(definition.columns).map(name => columnOf(definition, name))
  const key = [...definition.partitionKey, ...definition.clusteringKey].map(name => columnOf(definition, name))
  const target = `${quoted(keyspace)}.${quoted(table)}`
  const insert =
    `INSERT INTO ${target} (${columns.map(({ name }) => quoted(name)).join(', ')}) ` +
    `VALUES (${columns.map(() => '?').join(', ')}) USING TIMESTAMP ?`
  const remove = `DELETE FROM ${target} USING TIMESTAMP ? WHERE ${key.map(({ name }) => `${quoted(name)} = ?`).join(' AND ')}`

  return {
    bind: (change, writeTimestamp) => {
      const timestamp = encodeLong(writeTimestamp)
      if (change.kind === 'remove') {
        return { query: remove, params: [timestamp, ...key.map(column => bound(change.key, column))] }
      }
      const params = columns.map(column => bound(change.row, column))
      params.push(timestamp)
      return { query: insert, params }
    },
  }
}

/** The CQL that makes the table. */
export const createTable = (
  { columns, partitionKey, clusteringKey }: TableDefinition,
  keyspace: string,
  table: string,
): string => {
  const list = Object.entries(columns).map(([name, type]) => `${shown(name)} ${type}`)
  const partition = partitionKey.map(shown).join(', ')
  const key = [partitionKey.length === 1 ? partition : `(${partition})`, ...clusteringKey.map(shown)].join(', ')
  return `CREATE TABLE ${shown(keyspace)}.${shown(table)} (${list.join(', ')}, PRIMARY KEY (${key}));`
}

/** The CQL that adds a column which is not part of the key. */
export const addColumn = (definition: TableDefinition, keyspace: string, table: string, column: string): string =>
  `ALTER TABLE ${shown(keyspace)}.${shown(table)} ADD ${shown(column)} ${typeOf(definition, column)};`
