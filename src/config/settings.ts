import { type StreamDefaults } from '../stream/definition.ts'
import { cassandraSettings } from './cassandra-settings.ts'
import { text, type Values } from './define.ts'
import { httpSettings } from './http-settings.ts'
import { kafkaSettings } from './kafka-settings.ts'
import { logSettings } from './log-settings.ts'
import { pipelineSettings } from './pipeline-settings.ts'

/** The stream that runs unless `STREAM` names another. */
export const defaultStream = 'program-user-info'

const generalSettings = {
  ENV: text({
    fallback: 'local',
    pattern: /^[A-Za-z0-9._-]+$/,
    accepts: 'letters, digits, dots, underscores and hyphens',
    example: 'prod',
    help: 'The environment; it replaces a literal `{{env}}` in the value of any setting but a secret.',
  }),
  STREAM: text({
    fallback: defaultStream,
    pattern: /^[\w.-]+$/,
    accepts: 'the name of a folder in `streams/`',
    help: 'Which stream this worker runs.',
  }),
}

/** Every setting there is, by section, in the order in which the documents show them. */
export const sections = (stream: StreamDefaults) => ({
  General: generalSettings,
  Kafka: kafkaSettings(stream),
  Cassandra: cassandraSettings(stream),
  Pipeline: pipelineSettings,
  HTTP: httpSettings,
  Logs: logSettings,
})

/** Every setting there is, by its variable. */
export const definition = (stream: StreamDefaults) => {
  const { General, Kafka, Cassandra, Pipeline, HTTP, Logs } = sections(stream)
  return { ...General, ...Kafka, ...Cassandra, ...Pipeline, ...HTTP, ...Logs }
}

export type Definition = ReturnType<typeof definition>
export type Variable = keyof Definition
export type SettingValues = Values<Definition>

/** The name of the stream to load, which must be known before the other settings have defaults. */
export const streamName = (env: Readonly<Record<string, string | undefined>>): string =>
  (env['STREAM'] ?? '').trim() || defaultStream
