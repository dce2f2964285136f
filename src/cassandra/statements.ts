import { types } from 'cassandra-driver'
import { type Change, type ColumnType, type TableDefinition } from '../stream.ts'
import { encodeLong, encoders } from './encode.ts'

/** A prepared statement with its values; `unset` leaves the column as it is in the table. */
export interface Bound {
  readonly query: string
  readonly params: (Buffer | null | typeof types.unset)[]
}

const quoted = (identifier: string): string => `"${identifier}"`
const named = (keyspace: string, table: string): string => `${quoted(keyspace)}.${quoted(table)}`

type Encode = (value: unknown) => Buffer
const encoderOf = (type: ColumnType): Encode => encoders[type] as Encode

/**
 * The two statements that write to a table, one prepared shape each: columns left out are bound as unset. The last (of
 * DELETE the first) parameter is the write timestamp in microseconds.
 */
export const statements = (
  { columns, partitionKey, clusteringKey }: TableDefinition,
  keyspace: string,
  table: string,
): { bind(change: Change, writeTimestamp: number): Bound } => {
  const names = Object.keys(columns)
  const key = [...partitionKey, ...clusteringKey]
  const encode = Object.fromEntries(Object.entries(columns).map(([name, type]) => [name, encoderOf(type)]))
  const insert =
    `INSERT INTO ${named(keyspace, table)} (${names.map(quoted).join(', ')}) ` +
    `VALUES (${names.map(() => '?').join(', ')}) USING TIMESTAMP ?`
  const remove =
    `DELETE FROM ${named(keyspace, table)} USING TIMESTAMP ? ` +
    `WHERE ${key.map(name => `${quoted(name)} = ?`).join(' AND ')}`

  const param = (values: Readonly<Record<string, unknown>>, name: string): Bound['params'][number] => {
    const value = values[name]
    if (value === undefined) return types.unset
    return value === null ? null : (encode[name]?.(value) ?? null)
  }

  return {
    bind: (change, writeTimestamp) => {
      const timestamp = encodeLong(writeTimestamp)
      return change.kind === 'upsert'
        ? { query: insert, params: [...names.map(name => param(change.row, name)), timestamp] }
        : { query: remove, params: [timestamp, ...key.map(name => param(change.key, name))] }
    },
  }
}

/** The CQL that makes the table. */
export const createTable = (
  { columns, partitionKey, clusteringKey }: TableDefinition,
  keyspace: string,
  table: string,
): string => {
  const list = Object.entries(columns).map(([name, type]) => `${name} ${type}`)
  const partition = partitionKey.length === 1 ? partitionKey.join() : `(${partitionKey.join(', ')})`
  const key = [partition, ...clusteringKey].join(', ')
  return `CREATE TABLE ${keyspace}.${table} (${list.join(', ')}, PRIMARY KEY (${key}));`
}

/** The CQL that adds a column which is not part of the key. */
export const addColumn = ({ columns }: TableDefinition, keyspace: string, table: string, column: string): string =>
  `ALTER TABLE ${keyspace}.${table} ADD ${column} ${columns[column] ?? 'text'};`
