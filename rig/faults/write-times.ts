import { types } from 'cassandra-driver'
import { type CassandraAddress, cqlClient } from '../servers/cql-client.ts'
import { keyOf } from './fold.ts'

/** The write timestamp of a column in each row, in microseconds. */
export const readWriteTimes = async (
  cassandra: CassandraAddress,
  table: string,
  column: string,
): Promise<Map<string, number>> => {
  const client = cqlClient(cassandra)
  const times = new Map<string, number>()
  try {
    const query = `SELECT program_id, user_id, writetime(${column}) AS time FROM ${table}`
    const options = { fetchSize: 2000, consistency: types.consistencies.all }
    for await (const row of await client.execute(query, [], options)) {
      times.set(keyOf(String(row.get('program_id')), String(row.get('user_id'))), Number(row.get('time')))
    }
  } finally {
    await client.shutdown()
  }
  return times
}
