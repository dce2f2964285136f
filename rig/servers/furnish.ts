import { type Stream } from '../../src/stream/definition.ts'
import { createSchema } from './schema.ts'
import { type Servers } from './start.ts'
import { createTopics } from './topics.ts'

/** The two topics of a stream in the environment `local`. */
export const topicsOf = ({ defaults }: Stream): { topic: string; deadLetterTopic: string } => {
  const named = (name: string): string => name.replaceAll('{{env}}', 'local')
  return { topic: named(defaults.topic), deadLetterTopic: named(defaults.deadLetterTopic) }
}

/** Creates the topics, the keyspace and the table of a stream with default settings. */
export const furnish = async ({ bootstrap, cassandra }: Servers, stream: Stream): Promise<void> => {
  const { topic, deadLetterTopic } = topicsOf(stream)
  const { keyspace, table } = stream.defaults
  await Promise.all([
    createTopics(bootstrap, { [topic]: 2, [deadLetterTopic]: 1 }),
    createSchema(cassandra, { keyspace, table, definition: stream.table }),
  ])
}
