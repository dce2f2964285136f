import { type Client, types } from 'cassandra-driver'
import { Fault, InvalidRequest } from '../model/faults.ts'
import { type ColumnType, type TableDefinition } from '../stream/definition.ts'
import { type TableName } from './check.ts'
import { requestFault } from './connection-errors.ts'
import { encode, encodeLong } from './encode.ts'
import { emptyUpdate } from './statements.ts'

/** Some key; a row of it is neither read nor made. */
const someKey = (type: ColumnType | undefined): Buffer => {
  if (type === 'text') return encode(type, '-')
  if (type === 'boolean') return encode(type, false)
  if (type === 'int' || type === 'date' || type === 'timestamp') return encode(type, 0)
  throw new Error(`a key column cannot be ${type ?? 'missing'}`)
}

/**
 * Completes when the table takes writes with the settings in force, and changes nothing. The statement is an UPDATE that
 * leaves every column unset: replicas answer it at the consistency level, and no row, cell or tombstone comes of it. So
 * it meets what any write meets: the right to MODIFY, replicas enough, guardrails on consistency levels, on write
 * timestamps and on disk usage.
 *
 * @param now milliseconds since 1970, for the write timestamp
 * @throws Fault saying what keeps the table from being written to
 */
export const checkWrite = async (
  client: Client,
  definition: TableDefinition,
  { keyspace, table }: TableName,
  now: number,
): Promise<void> => {
  const { columns, partitionKey, clusteringKey } = definition
  const key = [...partitionKey, ...clusteringKey]
  const others = Object.keys(columns).filter(name => !key.includes(name))
  // Without such a column there is no UPDATE.
  if (others.length === 0) return
  const params = [encodeLong(now * 1000), ...others.map(() => types.unset), ...key.map(name => someKey(columns[name]))]
  try {
    await client.execute(emptyUpdate(others, key, keyspace, table), params, { prepare: true })
  } catch (error) {
    const fault = requestFault(client, error)
    if (!(fault instanceof InvalidRequest)) throw fault
    throw new Fault('misconfigured', `the server refuses every write: ${fault.message}`, error)
  }
}
