import { type Client } from 'cassandra-driver'
import { Fault, InvalidRequest } from '../model/faults.ts'
import { type Table } from '../operators/write.ts'
import { type Accepted } from '../model/record.ts'
import { type TableDefinition } from '../stream/definition.ts'
import { checkTable, type TableName } from './check.ts'
import { requestFault } from './connection-errors.ts'
import { driverInternals, ownRequests, type Send } from './own-requests.ts'
import { type Statement, statements } from './statements.ts'

const options = { prepare: true, logged: false, isIdempotent: true } as const

/** Sends changes through the driver's public API. */
const publicRequests =
  (client: Client, statement: Statement): Send =>
  async changes => {
    const bound = changes.map(({ change, writeTimestamp }) => statement.bind(change, writeTimestamp))
    const [first] = bound
    if (first !== undefined && bound.length === 1) await client.execute(first.query, first.params, options)
    else await client.batch(bound, options)
  }

/** A table with promises. */
export interface TableWriter extends Table {
  write(changes: readonly Accepted[]): Promise<void>
}

/**
 * Writes changes of one table partition as one protocol-level UNLOGGED batch of prepared statements, or a single change as a
 * single statement.
 */
export const tableWriter = (client: Client, definition: TableDefinition, name: TableName): TableWriter => {
  const statement = statements(definition, name.keyspace, name.table)
  const send = ownRequests(client, statement, options, driverInternals()) ?? publicRequests(client, statement)

  let checking: Promise<void> | undefined
  /** All writes that are refused during a check share its result. */
  const check = (): Promise<void> =>
    (checking ??= checkTable(client, definition, name).finally(() => (checking = undefined)))

  return {
    write: async changes => {
      try {
        await send(changes)
      } catch (error) {
        const fault = requestFault(client, error)
        // The server uses one code for a bad row and for a changed table. The check says how to fix the table.
        const isLasting = fault instanceof InvalidRequest || (fault instanceof Fault && fault.kind === 'misconfigured')
        if (isLasting) await check()
        throw fault
      }
    },
  }
}
