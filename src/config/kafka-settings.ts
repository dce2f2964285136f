import { type StreamDefaults } from '../stream/definition.ts'
import { duration, flag, hostsWithPort, integer, oneOf, optionalText, pemFile, secret, size, text } from './define.ts'

const topic = {
  pattern: /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,249}$/,
  accepts: 'a topic name of at most 249 letters, digits, dots, underscores and hyphens',
}

/** Everything about Kafka. Topics and group are the stream's unless set. */
export const kafkaSettings = (stream: StreamDefaults) => ({
  KAFKA_BROKER_SERVERS: hostsWithPort({
    fallback: 'localhost:9092',
    example: 'kafka-1:9092,kafka-2:9092',
    help: 'The brokers to begin with; the others are learned from them.',
  }),
  KAFKA_INPUT_TOPIC: text({ ...topic, fallback: stream.topic, help: 'The topic that is read.' }),
  KAFKA_GROUP_ID: text({
    fallback: stream.groupId,
    pattern: /^\S{1,255}$/,
    accepts: 'a group name of at most 255 characters without white space',
    help: 'The consumer group whose offsets are committed; workers of one group share the partitions.',
  }),
  KAFKA_OUTPUT_FAILED_TOPIC: text({
    ...topic,
    fallback: stream.deadLetterTopic,
    help: 'The topic for dead letters: messages that cannot become a row, as they were, with the reason in headers.',
  }),
  KAFKA_AUTO_OFFSET_RESET: oneOf(['earliest', 'latest'], {
    fallback: 'earliest',
    help: 'Where a group without a committed offset begins.',
  }),
  KAFKA_CLIENT_ID: text({
    fallback: 'sunbird-streams',
    pattern: /^[A-Za-z0-9._-]{1,255}$/,
    accepts: 'at most 255 letters, digits, dots, underscores and hyphens',
    help: 'The name under which the brokers log and limit this worker.',
  }),
  KAFKA_SESSION_TIMEOUT_MS: duration({
    fallback: 30_000,
    min: 6_000,
    max: 300_000,
    help: 'A worker that is silent for so long loses its partitions to the others.',
  }),
  KAFKA_HEARTBEAT_INTERVAL_MS: duration({
    fallback: 3_000,
    min: 100,
    max: 100_000,
    help: 'How often the worker tells the group that it lives; below the session timeout, better a third of it.',
  }),
  KAFKA_FETCH_MAX_BYTES_PER_PARTITION: size({
    fallback: 1_048_576,
    min: 65_536,
    max: 104_857_600,
    help: 'How much one fetch brings of each partition; a single larger message is brought all the same.',
  }),
  KAFKA_MAX_RESTARTS: integer({
    fallback: 5,
    min: 0,
    max: 1_000,
    help: 'Restarts of the consumer in a row, without progress, before the process ends with an error.',
  }),
  COMMIT_INTERVAL_MS: duration({
    fallback: 1_000,
    min: 10,
    max: 60_000,
    help: 'How often offsets are committed; what was written since the last commit is written again after a crash.',
  }),
  KAFKA_TLS: flag({ help: 'Whether to speak TLS to the brokers.' }),
  KAFKA_TLS_CA_FILE: pemFile({
    example: '/etc/kafka-tls/ca.crt',
    help: 'Certificates of the authorities trusted for the brokers, instead of those that come with Node.',
  }),
  KAFKA_TLS_CERT_FILE: pemFile({
    example: '/etc/kafka-tls/tls.crt',
    help: 'The certificate that this worker shows to the brokers.',
  }),
  KAFKA_TLS_KEY_FILE: pemFile({
    example: '/etc/kafka-tls/tls.key',
    help: 'The private key of that certificate.',
  }),
  KAFKA_SASL_MECHANISM: oneOf(['none', 'plain', 'scram-sha-256', 'scram-sha-512'], {
    fallback: 'none',
    help: 'How the worker logs in to the brokers.',
  }),
  KAFKA_SASL_USERNAME: optionalText({ example: 'sunbird-streams', help: 'The user to log in to the brokers as.' }),
  KAFKA_SASL_PASSWORD: secret({ help: "That user's password." }),
})
