// npm run servers: a Kafka and a Cassandra with topics and table, until interrupted.
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { Kafka, logLevel } from 'kafkajs'
import { configure } from '../src/commands/configure.ts'
import { ConfigError } from '../src/config/config-error.ts'
import { EnvFileError } from '../src/config/env-file.ts'
import { UnknownStream } from '../src/stream/load.ts'
import { furnish } from '../rig/servers/furnish.ts'
import { MissingProgram } from '../rig/servers/java.ts'
import { isFree } from '../rig/servers/ports.ts'
import { type Servers, startServers } from '../rig/servers/start.ts'
import { scriptArguments } from './script-arguments.ts'

const say = (line: string): void => console.log(line)

/** The default port, or any free one if it is in use. */
const preferring = async (port: number): Promise<{ port?: number }> => {
  if (await isFree(port)) return { port }
  say(`port ${port} is in use: using another one`)
  return {}
}

const start = async (): Promise<Servers> => {
  const [kafka, cassandra] = await Promise.all([preferring(9092), preferring(9042)])
  return startServers({ kafka, cassandra, progress: say })
}

// Explicitly, because .env may name other servers.
const explain = ({ bootstrap, cassandra }: Servers, topic: string): string =>
  [
    '',
    'To start the worker, in another terminal:',
    `  KAFKA_BROKER_SERVERS=${bootstrap} \\`,
    `  ML_CASSANDRA_HOST=${cassandra.contactPoint} ML_CASSANDRA_PORT=${cassandra.port} npm start`,
    `Each line that you type here is published to ${topic}.`,
    'Ctrl-C ends both servers and removes their data.',
  ].join('\n')

/** Publishes each line of standard input as one event. */
const publishLines = async (bootstrap: string, topic: string): Promise<void> => {
  const producer = new Kafka({ brokers: bootstrap.split(','), logLevel: logLevel.ERROR }).producer()
  await producer.connect()
  for await (const value of createInterface({ input: process.stdin })) {
    if (value.trim() === '') continue
    const [sent] = await producer.send({ topic, messages: [{ value }] })
    say(`published to ${topic}, partition ${sent?.partition}, offset ${sent?.baseOffset}`)
  }
  await producer.disconnect()
}

const interrupted = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])

const serve = async (): Promise<void> => {
  // The names that the worker in this folder uses.
  const { stream, configuration } = await configure({ env: process.env, readFile: path => readFileSync(path) })
  const { kafka, cassandra } = configuration.settings
  const servers = await start()
  try {
    await furnish(servers, stream, { ...kafka, ...cassandra })
    say(`created topics ${kafka.topic} and ${kafka.deadLetterTopic}, table ${cassandra.keyspace}.${cassandra.table}`)
    say(explain(servers, kafka.topic))
    const publishing = publishLines(servers.bootstrap, kafka.topic)
    await Promise.race([interrupted, publishing.then(() => interrupted)])
    say('stopping ...')
  } finally {
    await servers.stop()
  }
}

const help = `Usage: npm run servers
Starts a Kafka and a Cassandra, on their usual ports if these are free, until Ctrl-C. Creates the topics and the table that
the worker uses with the same settings (STREAM, ENV and others, from the environment and .env). Publishes each line of
standard input to the input topic.

Exit codes: 0 stopped; 1 no servers available; 64 wrong arguments.
`

scriptArguments(help, {})

// Keeps the process alive while it waits for a signal.
setInterval(() => undefined, 60_000)
const forPeople = [MissingProgram, ConfigError, EnvFileError, UnknownStream]
let code = 0
try {
  await serve()
} catch (error) {
  console.error(forPeople.some(kind => error instanceof kind) ? (error as Error).message : error)
  code = 1
}
// Standard input and the producer are still open.
process.exit(code)
