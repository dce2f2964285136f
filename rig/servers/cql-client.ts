import { Client, type ClientOptions } from 'cassandra-driver'

/** The address of a Cassandra, for example from `startCassandra`. */
export interface CassandraAddress {
  readonly contactPoint: string
  readonly port: number
  readonly localDataCenter: string
}

/** A client without logins or TLS; the caller shuts it down. */
export const cqlClient = (
  { contactPoint, port, localDataCenter }: CassandraAddress,
  options: Pick<ClientOptions, 'policies'> = {},
): Client => new Client({ contactPoints: [contactPoint], protocolOptions: { port }, localDataCenter, ...options })
