import { type StreamDefaults } from '../stream/definition.ts'
import { cassandraSettings } from './cassandra-settings.ts'
import { duration, text } from './define.ts'
import { httpSettings, probeSettings } from './http-settings.ts'
import { kafkaSettings } from './kafka-settings.ts'
import { logSettings } from './log-settings.ts'
import { pipelineSettings } from './pipeline-settings.ts'
import { type Environment } from './read.ts'
import { type Values } from './tree.ts'

/** The stream that runs unless `STREAM` names another. */
export const defaultStream = 'program-user-info'

/**
 * Every setting there is, in the groups and by the names under which the engine uses them, and in the order in which
 * the documents show them.
 */
export const definition = (stream: StreamDefaults) => ({
  env: text('ENV', {
    fallback: 'local',
    pattern: /^[A-Za-z0-9._-]+$/,
    accepts: 'letters, digits, dots, underscores and hyphens',
    example: 'prod',
    help: 'The name of the environment; it replaces a literal `{{env}}` in the value of any setting but a secret.',
  }),
  stream: text('STREAM', {
    fallback: defaultStream,
    pattern: /^[\w.-]+$/,
    accepts: 'the name of a folder in `streams/`',
    help: 'The stream that this worker runs.',
  }),
  shutdownTimeoutMs: duration('SHUTDOWN_TIMEOUT_MS', {
    fallback: 25_000,
    min: 100,
    max: 600_000,
    help: 'How long the worker may take to finish what is in flight when it is stopped; then it ends with exit code 1.',
  }),
  kafka: kafkaSettings(stream),
  cassandra: cassandraSettings(stream),
  pipeline: pipelineSettings,
  http: httpSettings,
  probes: probeSettings,
  log: logSettings,
})

/** The settings as the engine uses them. */
export type Settings = Values<ReturnType<typeof definition>>
export type KafkaSettings = Settings['kafka']
export type CassandraSettings = Settings['cassandra']

/** The name of the stream to load, which must be known before the other settings have defaults. */
export const streamName = (env: Environment): string => (env['STREAM'] ?? '').trim() || defaultStream
