import { type Client, types } from 'cassandra-driver'
import { Fault, InvalidRequest } from '../model/faults.ts'
import { type ColumnType, type TableDefinition } from '../stream/definition.ts'
import { type TableName } from './check.ts'
import { requestFault } from './connection-errors.ts'
import { encode, encodeLong } from './encode.ts'
import { emptyUpdate } from './statements.ts'

/** Any key; its row is neither read nor created. */
const someKey = (type: ColumnType | undefined): Buffer => {
  if (type === 'text') return encode(type, '-')
  if (type === 'boolean') return encode(type, false)
  if (type === 'int' || type === 'date' || type === 'timestamp') return encode(type, 0)
  throw new Error(`a key column cannot be ${type ?? 'missing'}`)
}

/**
 * Completes if the table accepts writes with the settings in force. It changes nothing: the statement is an UPDATE with every
 * column unset, which replicas answer at the consistency level and which creates no row, cell or tombstone. It needs the same as
 * any write: the MODIFY permission, enough replicas, and guardrails on consistency levels, write timestamps and disk usage.
 *
 * @param now milliseconds since 1970, for the write timestamp
 * @throws Fault that says why the table cannot be written
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
  // An UPDATE needs a column that is not in the key.
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
