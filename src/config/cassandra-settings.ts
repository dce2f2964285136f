import { type StreamDefaults } from '../stream/definition.ts'
import { duration, hosts, integer, oneOf, optionalText, secret, text } from './define.ts'
import { tlsSettings } from './tls-settings.ts'

const identifier = {
  pattern: /^\w{1,48}$/,
  accepts: 'a name of at most 48 letters, digits and underscores; case-sensitive',
}

/** The settings for Cassandra. The stream provides the defaults of keyspace and table. */
export const cassandraSettings = (stream: StreamDefaults) => ({
  hosts: hosts('ML_CASSANDRA_HOST', {
    fallback: 'localhost',
    example: 'cassandra-1,cassandra-2',
    help: 'The contact points; the driver learns the other nodes from them.',
  }),
  port: integer('ML_CASSANDRA_PORT', { fallback: 9_042, min: 1, max: 65_535, help: 'The port of all nodes.' }),
  keyspace: text('ML_CASSANDRA_KEYSPACE', {
    ...identifier,
    fallback: stream.keyspace,
    help: 'The keyspace of the table.',
  }),
  table: text('ML_CASSANDRA_TABLE', {
    ...identifier,
    fallback: stream.table,
    help: 'The table that is written; the worker never alters it.',
  }),
  localDatacenter: text('CASSANDRA_LOCAL_DATACENTER', {
    fallback: 'datacenter1',
    pattern: /^\S{1,255}$/,
    accepts: 'the name of a data centre, as `nodetool status` shows it',
    help: 'The data centre whose nodes are written to.',
  }),
  consistency: oneOf(
    'CASSANDRA_CONSISTENCY',
    ['LOCAL_QUORUM', 'LOCAL_ONE', 'QUORUM', 'ONE', 'ALL', 'EACH_QUORUM', 'TWO', 'THREE'],
    { fallback: 'LOCAL_QUORUM', help: 'How many replicas must acknowledge a row before its offset is committed.' },
  ),
  requestTimeoutMs: duration('CASSANDRA_REQUEST_TIMEOUT_MS', {
    fallback: 12_000,
    min: 100,
    max: 600_000,
    help: 'How long one node may take to answer before the request is retried.',
  }),
  login: {
    username: optionalText('CASSANDRA_USERNAME', {
      example: 'sunbird_streams',
      help: 'The user to log in to Cassandra as.',
    }),
    password: secret('CASSANDRA_PASSWORD', { help: "That user's password." }),
  },
  tls: tlsSettings('CASSANDRA', 'Cassandra', '/etc/cassandra-tls'),
})
