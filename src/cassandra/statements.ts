import { types } from 'cassandra-driver'
import { type PackedChange } from '../model/change.ts'
import { type ColumnType, type TableDefinition } from '../stream/definition.ts'
import { encodeLong, nullLength } from './encode.ts'
import { type Packed } from './slab.ts'

/** An encoded value, null, or unset, which keeps the value in the table. */
export type BoundValue = Buffer | null | typeof types.unset

/** A prepared statement with its values. */
export interface Bound {
  readonly query: string
  readonly params: BoundValue[]
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** For people: without quotes if they are not needed. */
const shown = (name: string): string => (/^[a-z][a-z0-9_]*$/.test(name) ? name : quoted(name))

const typeOf = ({ columns }: TableDefinition, name: string): ColumnType => {
  const type = columns[name]
  if (type === undefined) throw new Error(`the table definition has no column ${name}`)
  return type
}

/** The values in packed bytes, as views. */
const valuesIn = ({ bytes, start, end }: Packed): BoundValue[] => {
  const values: BoundValue[] = []
  let at = start
  while (at < end) {
    const length = bytes.readInt32BE(at)
    at += 4
    if (length < 0) values.push(length === nullLength ? null : types.unset)
    else values.push(bytes.subarray(at, (at += length)))
  }
  return values
}

/** The two statements that write to a table. */
export interface Statement {
  /** The query of each, and its number of values, including the write timestamp. */
  readonly upsert: { readonly query: string; readonly values: number }
  readonly remove: { readonly query: string; readonly values: number }
  /** A change with separate values. */
  bind(change: PackedChange, writeTimestamp: number): Bound
}

/**
 * The two prepared statements that write to a table. Missing columns are bound as unset, which needs protocol 4. Write
 * timestamps are microseconds.
 */
export const statements = (definition: TableDefinition, keyspace: string, table: string): Statement => {
  const columns = Object.keys(definition.columns).map(quoted)
  const key = [...definition.partitionKey, ...definition.clusteringKey].map(quoted)
  const target = `${quoted(keyspace)}.${quoted(table)}`
  const insert =
    `INSERT INTO ${target} (${columns.join(', ')}) ` + `VALUES (${columns.map(() => '?').join(', ')}) USING TIMESTAMP ?`
  const remove = `DELETE FROM ${target} USING TIMESTAMP ? WHERE ${key.map(name => `${name} = ?`).join(' AND ')}`

  return {
    upsert: { query: insert, values: columns.length + 1 },
    remove: { query: remove, values: key.length + 1 },
    bind: (change, writeTimestamp) => {
      const timestamp = encodeLong(writeTimestamp)
      const values = valuesIn(change)
      return change.kind === 'upsert'
        ? { query: insert, params: [...values, timestamp] }
        : { query: remove, params: [timestamp, ...values] }
    },
  }
}

/** An UPDATE that changes nothing if all `columns` are bound as unset. */
export const emptyUpdate = (
  columns: readonly string[],
  key: readonly string[],
  keyspace: string,
  table: string,
): string => {
  const are = (names: readonly string[]): string[] => names.map(name => `${quoted(name)} = ?`)
  const target = `${quoted(keyspace)}.${quoted(table)}`
  return `UPDATE ${target} USING TIMESTAMP ? SET ${are(columns).join(', ')} WHERE ${are(key).join(' AND ')}`
}

/** The CQL that creates the table. */
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

/** The CQL that creates the keyspace, with three replicas in this data centre as an example. */
export const createKeyspace = (keyspace: string, datacenter: string): string =>
  `CREATE KEYSPACE ${shown(keyspace)} WITH replication = ` +
  `{'class': 'NetworkTopologyStrategy', '${datacenter.replaceAll("'", "''")}': 3};`

/** The CQL that adds a column that is not in the key. */
export const addColumn = (definition: TableDefinition, keyspace: string, table: string, column: string): string =>
  `ALTER TABLE ${shown(keyspace)}.${shown(table)} ADD ${shown(column)} ${typeOf(definition, column)};`
