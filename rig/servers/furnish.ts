import { type Stream } from '../../src/stream/definition.ts'
import { createSchema } from './schema.ts'
import { type Servers } from './start.ts'
import { createTopics } from './topics.ts'

/** The names of a stream's topics and table. */
export interface Names {
  readonly topic: string
  readonly deadLetterTopic: string
  readonly keyspace: string
  readonly table: string
}

/** The names with default settings, in the environment `local`. */
export const defaultNames = ({ defaults: { topic, deadLetterTopic, keyspace, table } }: Stream): Names => {
  const named = (name: string): string => name.replaceAll('{{env}}', 'local')
  return { topic: named(topic), deadLetterTopic: named(deadLetterTopic), keyspace, table }
}

/** Creates the topics, the keyspace and the table of a stream. */
export const furnish = async ({ bootstrap, cassandra }: Servers, { table: definition }: Stream, names: Names) => {
  const { topic, deadLetterTopic, keyspace, table } = names
  await Promise.all([
    createTopics(bootstrap, { [topic]: 2, [deadLetterTopic]: 1 }),
    createSchema(cassandra, { keyspace, table, definition }),
  ])
}
