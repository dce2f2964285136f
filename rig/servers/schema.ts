import { errors } from 'cassandra-driver'
import { type CassandraAddress, cqlClient } from './cql-client.ts'
import { createTable } from '../../src/cassandra/statements.ts'
import { type TableDefinition } from '../../src/stream/definition.ts'

/** A table and its location. */
export interface Schema {
  readonly keyspace: string
  readonly table: string
  readonly definition: TableDefinition
  /** The replication factor; by default 1. */
  readonly replicationFactor?: number
}

/** The CQL statements that create the keyspace and the table. */
export const schemaStatements = ({ keyspace, table, definition, replicationFactor = 1 }: Schema): string[] => [
  `CREATE KEYSPACE ${keyspace} WITH replication = ` +
    `{'class': 'SimpleStrategy', 'replication_factor': ${replicationFactor}}`,
  createTable(definition, keyspace, table),
]

// ALREADY_EXISTS of the native protocol.
const alreadyExists = 0x2400

const isThereAlready = (error: unknown): boolean =>
  error instanceof errors.ResponseError && error.code === alreadyExists

/** Creates the keyspace and the table if they do not exist. */
export const createSchema = async (cassandra: CassandraAddress, schema: Schema): Promise<void> => {
  const client = cqlClient(cassandra)
  try {
    for (const statement of schemaStatements(schema))
      await client.execute(statement).catch((error: unknown) => {
        if (!isThereAlready(error)) throw error
      })
  } finally {
    await client.shutdown()
  }
}
