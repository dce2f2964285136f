import { Client, errors } from 'cassandra-driver'
import { createTable } from '../../src/cassandra/statements.ts'
import { type TableDefinition } from '../../src/stream/definition.ts'

/** A table and where it is to be. */
export interface Schema {
  readonly keyspace: string
  readonly table: string
  readonly definition: TableDefinition
  /** On how many nodes each row is kept; 1 when not given. */
  readonly replicationFactor?: number
}

/** Where a Cassandra answers; `startCassandra` gives one. */
export interface CassandraAddress {
  readonly contactPoint: string
  readonly port: number
  readonly localDataCenter: string
}

/** The CQL that makes keyspace and table, a statement each. */
export const schemaStatements = ({ keyspace, table, definition, replicationFactor = 1 }: Schema): string[] => [
  `CREATE KEYSPACE ${keyspace} WITH replication = ` +
    `{'class': 'SimpleStrategy', 'replication_factor': ${replicationFactor}}`,
  createTable(definition, keyspace, table),
]

// ALREADY_EXISTS of the native protocol.
const alreadyExists = 0x2400

const isThereAlready = (error: unknown): boolean =>
  error instanceof errors.ResponseError && error.code === alreadyExists

/** Makes keyspace and table where they are missing; what is there is left alone. */
export const createSchema = async (cassandra: CassandraAddress, schema: Schema): Promise<void> => {
  const { contactPoint, port, localDataCenter } = cassandra
  const client = new Client({ contactPoints: [contactPoint], protocolOptions: { port }, localDataCenter })
  try {
    for (const statement of schemaStatements(schema))
      await client.execute(statement).catch((error: unknown) => {
        if (!isThereAlready(error)) throw error
      })
  } finally {
    await client.shutdown()
  }
}
