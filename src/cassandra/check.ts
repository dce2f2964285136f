import { type Client } from 'cassandra-driver'
import { Fault } from '../model/faults.ts'
import { type TableDefinition } from '../stream/definition.ts'
import { requestFault } from './connection-errors.ts'
import { addColumn, createKeyspace, createTable } from './statements.ts'

/** The name and location of the table. */
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

/** Normalizes a type: Cassandra adds a space between type arguments, and sometimes calls text varchar. */
const spelt = (type: string): string => type.replaceAll(', ', ',').replaceAll('varchar', 'text')

const kindOf = ({ partitionKey, clusteringKey }: TableDefinition, column: string): FoundColumn['kind'] => {
  if (partitionKey.includes(column)) return 'partition_key'
  return clusteringKey.includes(column) ? 'clustering' : 'regular'
}

const positionOf = ({ partitionKey, clusteringKey }: TableDefinition, column: string): number =>
  Math.max(partitionKey.indexOf(column), clusteringKey.indexOf(column))

/**
 * All differences between the table and its definition, each with a fix; empty if there are none. Additional columns are allowed,
 * except in the key.
 */
export const schemaFaults = (
  definition: TableDefinition,
  { keyspace, table, localDatacenter }: TableName,
  found: readonly FoundColumn[],
  hasKeyspace = true,
): string[] => {
  if (!hasKeyspace) {
    const both = `${createKeyspace(keyspace, localDatacenter)} ${createTable(definition, keyspace, table)}`
    return [`there is no keyspace ${keyspace}; create it and the table, with the replication you need: ${both}`]
  }
  if (found.length === 0) {
    return [`there is no table ${keyspace}.${table}; create it: ${createTable(definition, keyspace, table)}`]
  }
  const byName = new Map(found.map(column => [column.column_name, column]))
  const columns = Object.entries(definition.columns).flatMap(([name, type]) => {
    const column = byName.get(name)
    const kind = kindOf(definition, name)
    if (column === undefined) {
      return kind === 'regular'
        ? [`column ${name} is missing; add it: ${addColumn(definition, keyspace, table, name)}`]
        : [`key column ${name} is missing: the table must be recreated`]
    }
    if (spelt(column.type) !== type) return [`column ${name} is ${column.type}, but must be ${type}`]
    return column.kind === kind && (kind === 'regular' || column.position === positionOf(definition, name))
      ? []
      : [`column ${name} is ${column.kind} ${column.position}, but must be ${kind} ${positionOf(definition, name)}`]
  })
  const keys = found
    .filter(({ kind, column_name }) => kind !== 'regular' && kind !== 'static' && !(column_name in definition.columns))
    .map(({ column_name }) => `this stream does not know the key column ${column_name}`)
  return [...columns, ...keys]
}

/**
 * Completes if the table matches its definition.
 *
 * @throws Fault with everything that is missing or different, and the CQL that fixes it
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
