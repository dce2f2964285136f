import { type StreamDefaults } from '../stream/definition.ts'
import { duration, flag, hosts, integer, oneOf, optionalText, pemFile, secret, text } from './define.ts'

const identifier = {
  pattern: /^\w{1,48}$/,
  accepts: 'a name of at most 48 letters, digits and underscores, in the case in which the table has it',
}

/** Everything about Cassandra. Keyspace and table are the stream's unless set. */
export const cassandraSettings = (stream: StreamDefaults) => ({
  ML_CASSANDRA_HOST: hosts({
    fallback: 'localhost',
    example: 'cassandra-1,cassandra-2',
    help: 'The nodes to begin with; the others are learned from them.',
  }),
  ML_CASSANDRA_PORT: integer({ fallback: 9_042, min: 1, max: 65_535, help: 'The port of all nodes.' }),
  ML_CASSANDRA_KEYSPACE: text({ ...identifier, fallback: stream.keyspace, help: 'The keyspace of the table.' }),
  ML_CASSANDRA_TABLE: text({
    ...identifier,
    fallback: stream.table,
    help: 'The table that is written; it is never altered.',
  }),
  CASSANDRA_LOCAL_DATACENTER: text({
    fallback: 'datacenter1',
    pattern: /^\S{1,255}$/,
    accepts: 'the name of a data centre, as `nodetool status` shows it',
    help: 'The data centre whose nodes are written to.',
  }),
  CASSANDRA_CONSISTENCY: oneOf(['LOCAL_QUORUM', 'LOCAL_ONE', 'QUORUM', 'ONE', 'ALL', 'EACH_QUORUM', 'TWO', 'THREE'], {
    fallback: 'LOCAL_QUORUM',
    help: 'How many replicas must have a row before its offset is committed.',
  }),
  CASSANDRA_WRITE_TIMESTAMP: oneOf(['read', 'event'], {
    fallback: 'read',
    help: "Which of two writes to a row stands: the one read last, or the one whose event's own time of change is later.",
  }),
  CASSANDRA_USERNAME: optionalText({ example: 'sunbird_streams', help: 'The user to log in to Cassandra as.' }),
  CASSANDRA_PASSWORD: secret({ help: "That user's password." }),
  CASSANDRA_TLS: flag({ help: 'Whether to speak TLS to Cassandra.' }),
  CASSANDRA_TLS_CA_FILE: pemFile({
    example: '/etc/cassandra-tls/ca.crt',
    help: 'Certificates of the authorities trusted for Cassandra, instead of those that come with Node.',
  }),
  CASSANDRA_TLS_CERT_FILE: pemFile({
    example: '/etc/cassandra-tls/tls.crt',
    help: 'The certificate that this worker shows to Cassandra.',
  }),
  CASSANDRA_TLS_KEY_FILE: pemFile({
    example: '/etc/cassandra-tls/tls.key',
    help: 'The private key of that certificate.',
  }),
  CASSANDRA_REQUEST_TIMEOUT_MS: duration({
    fallback: 12_000,
    min: 100,
    max: 600_000,
    help: 'How long one node may take to answer before the write is tried again.',
  }),
})
