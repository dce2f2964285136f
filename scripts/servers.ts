// npm run servers: a Kafka and a Cassandra with topic and table, until interrupted.
import { once } from 'node:events'
import { defaultStream } from '../src/config/settings.ts'
import { loadStream } from '../src/stream/load.ts'
import { furnish, topicsOf } from '../rig/servers/furnish.ts'
import { MissingProgram } from '../rig/servers/java.ts'
import { isFree } from '../rig/servers/ports.ts'
import { type Servers, startServers } from '../rig/servers/start.ts'

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

const explain = ({ bootstrap, cassandra }: Servers): string =>
  [
    '',
    'To connect the worker (with ports 9092 and 9042 these are its defaults):',
    `  KAFKA_BROKER_SERVERS=${bootstrap} \\`,
    `  ML_CASSANDRA_HOST=${cassandra.contactPoint} ML_CASSANDRA_PORT=${cassandra.port} npm start`,
    'Ctrl-C ends both servers and removes their data.',
  ].join('\n')

const interrupted = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])

const serve = async (): Promise<void> => {
  const stream = await loadStream(defaultStream)
  const servers = await start()
  try {
    await furnish(servers, stream)
    const { topic, deadLetterTopic } = topicsOf(stream)
    say(`created topics ${topic} and ${deadLetterTopic}, table ${stream.defaults.keyspace}.${stream.defaults.table}`)
    say(explain(servers))
    await interrupted
    say('stopping ...')
  } finally {
    await servers.stop()
  }
}

const help = `Usage: npm run servers
Starts a Kafka and a Cassandra with topic and table, on their usual ports if these are free, until Ctrl-C.

Exit codes: 0 stopped; 1 no servers available; 64 wrong arguments.
`

if (process.argv.length > 2) {
  const asked = process.argv.includes('--help')
  ;(asked ? process.stdout : process.stderr).write(help)
  process.exit(asked ? 0 : 64)
}

// Keeps the process alive while it waits for a signal.
const standing = setInterval(() => undefined, 60_000)
try {
  await serve()
} catch (error) {
  console.error(error instanceof MissingProgram ? error.message : error)
  process.exitCode = 1
}
clearInterval(standing)
