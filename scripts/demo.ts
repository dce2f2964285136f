// npm run demo: real servers, a worker process, 10,000 events, and the result of each.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { Kafka, logLevel } from 'kafkajs'
import { setTimeout as pause } from 'node:timers/promises'
import { defaultStream } from '../src/config/settings.ts'
import { deadLetterHeaders } from '../src/kafka/headers.ts'
import { loadStream } from '../src/stream/load.ts'
import { type LoadMessage, messages } from '../rig/load/enrolments.ts'
import { cqlClient } from '../rig/servers/cql-client.ts'
import { projectFolder } from '../rig/servers/folders.ts'
import { productIn } from '../rig/product.ts'
import { defaultNames, furnish } from '../rig/servers/furnish.ts'
import { inherited } from '../rig/servers/inherited.ts'
import { MissingProgram } from '../rig/servers/java.ts'
import { type Servers, startServers } from '../rig/servers/start.ts'
import { readSamples } from '../test/streams/samples.ts'
import { scriptArguments } from './script-arguments.ts'

const events = 10_000
const made = { seed: 1, programmes: 200, repeats: 0.1, bad: 0, bytes: 1_800 }
const deadlineMs = 120_000

const help = `Usage: npm run demo [-- --keep]
Starts a real Kafka and a real Cassandra, runs the worker on 10,000 events, some of them bad, shows the result of each, and
stops everything. It takes about half a minute. The first time, Maven downloads the servers, about 100 MB.

  --keep  keep the servers and the worker running until Ctrl-C
  --help  print this help

Exit codes: 0 nothing lost; 1 something lost, or no servers available; 64 wrong arguments.
`

const { keep = false } = scriptArguments(help, { keep: { type: 'boolean' } }).values

const say = (line: string): void => console.log(line)

/** The samples of the stream among generated events, with each bad sample several times. */
const load = async (): Promise<LoadMessage[]> => {
  const samples = await readSamples(defaultStream)
  const shown = samples.map(({ value, expected }): LoadMessage => ({
    value,
    expected: 'deadLetter' in expected ? 'dead-letter' : 'row',
  }))
  const bad = shown.filter(({ expected }) => expected === 'dead-letter')
  const mixed = [...messages({ ...made, events: events - shown.length - 4 * bad.length })]
  const step = Math.floor(mixed.length / (shown.length + 4 * bad.length))
  for (const [count, message] of [...shown, ...bad, ...bad, ...bad, ...bad].entries()) {
    mixed.splice(count * (step + 1), 0, message)
  }
  return mixed
}

const keysOf = (all: readonly LoadMessage[]): Set<string> => {
  const keys = new Set<string>()
  for (const { value, expected } of all) {
    if (expected !== 'row' || value === null) continue
    const { programId, userId } = JSON.parse(value.toString().replace(/^\uFEFF/, '')) as Record<string, unknown>
    keys.add(JSON.stringify([programId, userId]))
  }
  return keys
}

const startWorker = ({ bootstrap, cassandra }: Servers) => {
  const worker = spawn(process.execPath, [productIn(projectFolder)], {
    // Neither a .env nor exported settings may point it elsewhere.
    cwd: tmpdir(),
    env: {
      ...inherited(),
      KAFKA_BROKER_SERVERS: bootstrap,
      ML_CASSANDRA_HOST: cassandra.contactPoint,
      ML_CASSANDRA_PORT: String(cassandra.port),
      LOG_FORMAT: 'pretty',
      LOG_RATE_INTERVAL_MS: '1000',
      // Any free port; the log has it.
      HTTP_PORT: '0',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  worker.stdout.setEncoding('utf8').on('data', (text: string) => {
    process.stdout.write(text.replace(/^(?=.)/gm, '  worker | '))
  })
  const ended = once(worker, 'close') as Promise<[number | null]>
  const stop = async (): Promise<number | null> => {
    worker.kill('SIGTERM')
    return (await ended)[0]
  }
  return { ended, stop }
}

interface Letters {
  readonly byReason: Map<string, number>
  /** `partition:offset` of each original message. */
  readonly from: Set<string>
}

/** Reads the whole dead-letter topic. */
const readLetters = async (kafka: Kafka, topic: string, total: number): Promise<Letters> => {
  const letters: Letters = { byReason: new Map(), from: new Set() }
  if (total === 0) return letters
  const consumer = kafka.consumer({ groupId: 'demo-reader', maxWaitTimeInMs: 100 })
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  let seen = 0
  await new Promise<void>((resolve, reject) => {
    consumer
      .run({
        eachMessage: ({ message: { headers = {} } }) => {
          const header = (name: keyof typeof deadLetterHeaders): string => String(headers[deadLetterHeaders[name]])
          letters.byReason.set(header('reason'), (letters.byReason.get(header('reason')) ?? 0) + 1)
          letters.from.add(`${header('partition')}:${header('offset')}`)
          seen += 1
          if (seen === total) resolve()
          return Promise.resolve()
        },
      })
      .catch(reject)
  })
  await consumer.disconnect()
  return letters
}

const run = async (servers: Servers): Promise<boolean> => {
  const stream = await loadStream(defaultStream)
  const names = defaultNames(stream)
  const { topic, deadLetterTopic } = names
  const table = `${names.keyspace}.${names.table}`
  await furnish(servers, stream, names)
  say(`created topic ${topic}, topic ${deadLetterTopic} and table ${table}`)

  const { bootstrap, cassandra } = servers
  const kafka = new Kafka({ brokers: bootstrap.split(','), logLevel: logLevel.ERROR })
  const [admin, producer] = [kafka.admin(), kafka.producer({ allowAutoTopicCreation: false })]
  const cql = cqlClient(cassandra)
  await Promise.all([admin.connect(), producer.connect(), cql.connect()])
  const worker = startWorker(servers)
  try {
    const all = await load()
    say(`publishing ${all.length} events ...`)
    // All go to one partition, as with today's producer. The dead letters must name these offsets.
    const badAt = new Set<string>()
    for (let from = 0; from < all.length; from += 400) {
      const some = all.slice(from, from + 400)
      await producer.send({ topic, messages: some.map(({ value }) => ({ value, partition: 0 })) })
      for (const [n, { expected }] of some.entries()) if (expected === 'dead-letter') badAt.add(`0:${from + n}`)
    }

    const committed = async (): Promise<number> => {
      const [group] = await admin.fetchOffsets({ groupId: 'local-programuser-group', topics: [topic] })
      return Number(group?.partitions.find(({ partition }) => partition === 0)?.offset ?? -1)
    }
    const deadline = Date.now() + deadlineMs
    while ((await committed()) < all.length && Date.now() < deadline) await pause(100)
    const code = keep ? 0 : await worker.stop()

    const expected = keysOf(all)
    const options = { prepare: true, fetchSize: 2 * events }
    const { rows } = await cql.execute(`SELECT program_id, user_id FROM ${table}`, [], options)
    const found = new Set(rows.map(row => JSON.stringify([row['program_id'], row['user_id']])))
    const offsets = await admin.fetchTopicOffsets(deadLetterTopic)
    const total = offsets.reduce((sum, { high }) => sum + Number(high), 0)
    const letters = await readLetters(kafka, deadLetterTopic, total)
    const missing = [...expected].filter(key => !found.has(key)).length
    const unaccounted = [...badAt].filter(place => !letters.from.has(place)).length
    const lost = missing + unaccounted

    say('\nsome rows:')
    for (const row of (await cql.execute(`SELECT * FROM ${table} LIMIT 3`)).rows) say(`  ${JSON.stringify(row)}`)
    say('\ndead letters by reason:')
    for (const [reason, count] of letters.byReason) say(`  ${reason}: ${count}`)
    if (keep) {
      say(
        `\nstill running: Kafka ${bootstrap}, Cassandra ${cassandra.contactPoint}:${cassandra.port}; Ctrl-C stops everything`,
      )
      await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM'), worker.ended])
      await worker.stop()
    }
    say(`\ndemo: ${all.length} events, ${found.size} rows, ${total} dead letters, ${lost} lost`)
    return lost === 0 && code === 0 && total === badAt.size && found.size === expected.size
  } finally {
    await worker.stop()
    await Promise.all([admin.disconnect(), producer.disconnect(), cql.shutdown()])
  }
}

try {
  const servers = await startServers({ progress: say })
  try {
    process.exitCode = (await run(servers)) ? 0 : 1
  } finally {
    await servers.stop()
  }
} catch (error) {
  console.error(error instanceof MissingProgram ? error.message : error)
  process.exitCode = 1
}
