import { type StreamDefaults } from '../stream/definition.ts'
import { duration, hostsWithPort, integer, oneOf, optionalText, secret, size, text } from './define.ts'
import { tlsSettings } from './tls-settings.ts'

const topic = {
  pattern: /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,249}$/,
  accepts: 'a topic name of at most 249 letters, digits, dots, underscores and hyphens',
}

/** The settings for Kafka. The stream provides the defaults of topics and group. */
export const kafkaSettings = (stream: StreamDefaults) => ({
  brokers: hostsWithPort('KAFKA_BROKER_SERVERS', {
    fallback: 'localhost:9092',
    example: 'kafka-1:9092,kafka-2:9092',
    help: 'The bootstrap servers; the client learns the other brokers from them.',
  }),
  topic: text('KAFKA_INPUT_TOPIC', { ...topic, fallback: stream.topic, help: 'The topic to read.' }),
  groupId: text('KAFKA_GROUP_ID', {
    fallback: stream.groupId,
    pattern: /^\S{1,255}$/,
    accepts: 'a group name of at most 255 characters without white space',
    help: 'The consumer group; workers of one group share the partitions.',
  }),
  deadLetterTopic: text('KAFKA_OUTPUT_FAILED_TOPIC', {
    ...topic,
    fallback: stream.deadLetterTopic,
    help: 'The topic for dead letters: messages that cannot become a row, with the reason in headers.',
  }),
  offsetReset: oneOf('KAFKA_AUTO_OFFSET_RESET', ['earliest', 'latest'], {
    fallback: 'earliest',
    help: 'Where a group without a committed offset starts to read.',
  }),
  clientId: text('KAFKA_CLIENT_ID', {
    fallback: 'sunbird-streams',
    pattern: /^[A-Za-z0-9._-]{1,255}$/,
    accepts: 'at most 255 letters, digits, dots, underscores and hyphens',
    help: "The client id in the brokers' logs and quotas.",
  }),
  sessionTimeoutMs: duration('KAFKA_SESSION_TIMEOUT_MS', {
    fallback: 30_000,
    min: 6_000,
    max: 300_000,
    help: 'A worker that sends no heartbeat for this long loses its partitions to the others.',
  }),
  heartbeatIntervalMs: duration('KAFKA_HEARTBEAT_INTERVAL_MS', {
    fallback: 3_000,
    min: 100,
    max: 100_000,
    help: 'How often the worker sends a heartbeat; less than the session timeout, preferably a third of it.',
  }),
  fetchMaxBytesPerPartition: size('KAFKA_FETCH_MAX_BYTES_PER_PARTITION', {
    fallback: 524_288,
    min: 65_536,
    max: 104_857_600,
    help: 'The maximum size that one fetch returns for each partition. A single larger record batch is still returned.',
  }),
  maxRestarts: integer('KAFKA_MAX_RESTARTS', {
    fallback: 5,
    min: 0,
    max: 1_000,
    help: 'How often the consumer may restart in a row without progress before the process ends with an error.',
  }),
  tls: tlsSettings('KAFKA', 'the brokers', '/etc/kafka-tls'),
  sasl: {
    mechanism: oneOf('KAFKA_SASL_MECHANISM', ['none', 'plain', 'scram-sha-256', 'scram-sha-512'], {
      fallback: 'none',
      help: 'How the worker authenticates to the brokers.',
    }),
    username: optionalText('KAFKA_SASL_USERNAME', {
      example: 'sunbird-streams',
      help: 'The user to authenticate to the brokers as.',
    }),
    password: secret('KAFKA_SASL_PASSWORD', { help: "That user's password." }),
  },
})
