import { Client, types } from 'cassandra-driver'
import { type CassandraAddress } from '../servers/schema.ts'
import { type FoldedRow, keyOf, mapText } from './fold.ts'

const read = (column: unknown): string | boolean | null => {
  if (column === null || column === undefined) return null
  if (typeof column === 'boolean' || typeof column === 'string') return column
  if (column instanceof types.LocalDate) return column.toString()
  return mapText(column as Record<string, string>)
}

/** All rows of a table, read with its own client at consistency ALL. */
export const readTable = async (cassandra: CassandraAddress, name: string): Promise<Map<string, FoldedRow>> => {
  const { contactPoint, port, localDataCenter } = cassandra
  const client = new Client({ contactPoints: [contactPoint], protocolOptions: { port }, localDataCenter })
  const rows = new Map<string, FoldedRow>()
  try {
    const options = { fetchSize: 2000, consistency: types.consistencies.all }
    for await (const row of await client.execute(`SELECT * FROM ${name}`, [], options)) {
      const { program_id, user_id, ...columns } = Object.fromEntries(row.keys().map(key => [key, read(row.get(key))]))
      rows.set(keyOf(String(program_id), String(user_id)), columns)
    }
  } finally {
    await client.shutdown()
  }
  return rows
}
