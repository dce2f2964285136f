import { type StreamDefaults } from '../stream/definition.ts'
import { auditSettings } from './audit-settings.ts'
import { cassandraSettings } from './cassandra-settings.ts'
import { duration, text } from './define.ts'
import { httpSettings, probeSettings } from './http-settings.ts'
import { kafkaSettings } from './kafka-settings.ts'
import { logSettings } from './log-settings.ts'
import { pipelineSettings } from './pipeline-settings.ts'
import { type Environment } from './read.ts'
import { type Values } from './tree.ts'

/** The default of `STREAM`. */
export const defaultStream = 'program-user-info'

/**
 * All settings, in the groups and with the names that the engine uses, and in the order of the documents.
 */
export const definition = (stream: StreamDefaults) => ({
  env: text('ENV', {
    fallback: 'local',
    pattern: /^[A-Za-z0-9._-]+$/,
    accepts: 'letters, digits, dots, underscores and hyphens',
    example: 'prod',
    help: 'The name of the environment. It replaces `{{env}}` in the values of all settings except secrets.',
  }),
  stream: text('STREAM', {
    fallback: defaultStream,
    pattern: /^[\w.-]+$/,
    accepts: 'the name of a folder in `streams/`',
    help: 'The stream to run.',
  }),
  shutdownTimeoutMs: duration('SHUTDOWN_TIMEOUT_MS', {
    fallback: 25_000,
    min: 100,
    max: 600_000,
    help: 'How long the worker may take to finish the records in flight when it is stopped. After that it exits with code 1.',
  }),
  kafka: kafkaSettings(stream),
  cassandra: cassandraSettings(stream),
  pipeline: pipelineSettings,
  http: httpSettings,
  probes: probeSettings,
  log: logSettings,
  audit: auditSettings,
})

/** The settings of the engine. */
export type Settings = Values<ReturnType<typeof definition>>
export type KafkaSettings = Settings['kafka']
export type CassandraSettings = Settings['cassandra']

/** The name of the stream, which provides the defaults of other settings. */
export const streamName = (env: Environment): string => (env['STREAM'] ?? '').trim() || defaultStream
