import { type Client } from 'cassandra-driver'
import { Fault } from '../model/faults.ts'
import { type TableDefinition } from '../stream/definition.ts'
import { requestFault } from './connection-errors.ts'
import { addColumn, createKeyspace, createTable } from './statements.ts'

/** Where the table is. */
export interface TableName {
  readonly keyspace: string
  readonly table: string
  readonly localDatacenter: string
}

/** One row of `system_schema.columns`, which every user may read (Cassandra 3.0 and later). */
export interface FoundColumn {
  readonly column_name: string
  readonly kind: 'partition_key' | 'clustering' | 'regular' | 'static'
  readonly type: string
  readonly position: number
}

/** Without the blank that Cassandra writes between type arguments; it calls text by its other name, too, at times. */
const spelt = (type: string): string => type.replaceAll(', ', ',').replaceAll('varchar', 'text')

const kindOf = ({ partitionKey, clusteringKey }: TableDefinition, column: string): FoundColumn['kind'] => {
  if (partitionKey.includes(column)) return 'partition_key'
  return clusteringKey.includes(column) ? 'clustering' : 'regular'
}

const positionOf = ({ partitionKey, clusteringKey }: TableDefinition, column: string): number =>
  Math.max(partitionKey.indexOf(column), clusteringKey.indexOf(column))

/**
 * What keeps the table from taking rows of this definition, each with what mends it; empty when nothing does. Columns
 * of others are none of our business, unless they are part of the key.
 */
export const schemaFaults = (
  definition: TableDefinition,
  { keyspace, table, localDatacenter }: TableName,
  found: readonly FoundColumn[],
  hasKeyspace = true,
): string[] => {
  if (!hasKeyspace) {
    const both = `${createKeyspace(keyspace, localDatacenter)} ${createTable(definition, keyspace, table)}`
    return [`there is no keyspace ${keyspace}; make it and the table, with the replication you need: ${both}`]
  }
  if (found.length === 0) {
    return [`there is no table ${keyspace}.${table}; make it: ${createTable(definition, keyspace, table)}`]
  }
  const byName = new Map(found.map(column => [column.column_name, column]))
  const columns = Object.entries(definition.columns).flatMap(([name, type]) => {
    const column = byName.get(name)
    const kind = kindOf(definition, name)
    if (column === undefined) {
      return kind === 'regular'
        ? [`column ${name} is missing; add it: ${addColumn(definition, keyspace, table, name)}`]
        : [`key column ${name} is missing: the table must be made anew`]
    }
    if (spelt(column.type) !== type) return [`column ${name} is ${column.type} where ${type} is needed`]
    return column.kind === kind && (kind === 'regular' || column.position === positionOf(definition, name))
      ? []
      : [`column ${name} is ${column.kind} ${column.position} where ${kind} ${positionOf(definition, name)} is needed`]
  })
  const keys = found
    .filter(({ kind, column_name }) => kind !== 'regular' && kind !== 'static' && !(column_name in definition.columns))
    .map(({ column_name }) => `key column ${column_name} is not known to this stream`)
  return [...columns, ...keys]
}

/**
 * Completes when the table takes rows of this definition.
 *
 * @throws Fault naming everything that is missing or different, with the CQL that mends it.
 */
export const checkTable = async (client: Client, definition: TableDefinition, name: TableName): Promise<void> => {
  const query =
    'SELECT column_name, kind, type, position FROM system_schema.columns WHERE keyspace_name = ? AND table_name = ?'
  let found: FoundColumn[]
  let hasKeyspace = true
  try {
    const { rows } = await client.execute(query, [name.keyspace, name.table])
    found = rows as unknown as FoundColumn[]
    if (found.length === 0) {
      const keyspaces = 'SELECT keyspace_name FROM system_schema.keyspaces WHERE keyspace_name = ?'
      hasKeyspace = (await client.execute(keyspaces, [name.keyspace])).rowLength > 0
    }
  } catch (error) {
    throw requestFault(client, error)
  }
  const faults = schemaFaults(definition, name, found, hasKeyspace)
  if (faults.length > 0) throw new Fault('misconfigured', faults.join('; '))
}
