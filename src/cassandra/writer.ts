import { type Client } from 'cassandra-driver'
import { Refused } from '../faults.ts'
import { type Table } from '../operators/write.ts'
import { type TableDefinition } from '../stream.ts'
import { checkTable, type TableName } from './check.ts'
import { faultOf } from './faults.ts'
import { statements } from './statements.ts'

const batchOptions = { prepare: true, logged: false, isIdempotent: true } as const
const singleOptions = { prepare: true, isIdempotent: true } as const

/**
 * The table as a port: changes of one table partition become one protocol-level UNLOGGED batch of prepared statements,
 * a single change a single statement.
 */
export const tableWriter = (client: Client, definition: TableDefinition, name: TableName): Table => {
  const statement = statements(definition, name.keyspace, name.table)

  return {
    write: async changes => {
      const bound = changes.map(({ change, writeTimestamp }) => statement.bind(change, writeTimestamp))
      try {
        const [first] = bound
        if (first !== undefined && bound.length === 1)
          await client.execute(first.query, [...first.params], singleOptions)
        else await client.batch(bound, batchOptions)
      } catch (error) {
        const fault = faultOf(error)
        // The server gives one code for a bad row and for a table that was changed or dropped: if the table is not as it
        // should be, this is the fault, and no row is to blame.
        if (fault instanceof Refused) await checkTable(client, definition, name)
        throw fault
      }
    },
  }
}
