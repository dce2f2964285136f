import { type Client, types } from 'cassandra-driver'
import { type CassandraAddress, cqlClient } from '../servers/cql-client.ts'
import { type FoldedRow, keyOf, mapText } from './fold.ts'
import { clientOf } from './ring.ts'

const read = (column: unknown): string | boolean | null => {
  if (column === null || column === undefined) return null
  if (typeof column === 'boolean' || typeof column === 'string') return column
  if (column instanceof types.LocalDate) return column.toString()
  return mapText(column as Record<string, string>)
}

const readWith = async (
  client: Client,
  name: string,
  consistency: types.consistencies,
): Promise<Map<string, FoldedRow>> => {
  const rows = new Map<string, FoldedRow>()
  try {
    for await (const row of await client.execute(`SELECT * FROM ${name}`, [], { fetchSize: 2000, consistency })) {
      const { program_id, user_id, ...columns } = Object.fromEntries(row.keys().map(key => [key, read(row.get(key))]))
      rows.set(keyOf(String(program_id), String(user_id)), columns)
    }
  } finally {
    await client.shutdown()
  }
  return rows
}

/** All rows of a table, read with its own client at consistency ALL, which repairs replicas that differ. */
export const readTable = (cassandra: CassandraAddress, name: string): Promise<Map<string, FoldedRow>> =>
  readWith(cqlClient(cassandra), name, types.consistencies.all)

/**
 * The rows that this node has by itself: a read at ONE through it. The node must have a replica of every row, and must ask
 * itself first, as those of `startCassandraCluster` do.
 */
export const readReplica = (node: CassandraAddress, name: string): Promise<Map<string, FoldedRow>> =>
  readWith(clientOf(node), name, types.consistencies.one)
