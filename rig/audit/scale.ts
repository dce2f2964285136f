import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { keyHash, keyOf as keyBytes } from '../../src/audit/cells.ts'
import { loadStream } from '../../src/stream/load.ts'
import { lagOf, partitionOffsets, rigClient } from '../faults/offsets.ts'
import { Publisher } from '../faults/publisher.ts'
import { builtWorker, startWorker } from '../faults/worker-process.ts'
import { enrolment } from '../load/enrolments.ts'
import { seeded } from '../load/random.ts'
import { cqlClient } from '../servers/cql-client.ts'
import { inherited } from '../servers/inherited.ts'
import { createSchema } from '../servers/schema.ts'
import { startServers } from '../servers/start.ts'
import { createTopics } from '../servers/topics.ts'
import { type RowKey, spoil, type Way, ways } from './plant.ts'
import { watchRss } from './rss.ts'

export interface Scale {
  readonly rows: number
  /** Rows to corrupt in each way. */
  readonly planted: number
  readonly seed: number
  readonly options: readonly string[]
  readonly progress: (line: string) => void
}

export interface ScaleResult {
  readonly rows: number
  readonly events: number
  readonly planted: number
  readonly told: number
  /** Differences that were planted but not reported, or reported but not planted. */
  readonly wrong: readonly string[]
  readonly auditSeconds: number
  readonly auditRssMaxMb: number
}

const partitions = 2
const programmes = 500
// Every fourth row has a second event.
const repeated = 4

const keyOf = (programme: number, userId: string): RowKey => ({
  programId: `64be77c1d29f0a4be81${String(programme).padStart(5, '0')}`,
  userId,
})

const userOf = (row: number): string => `5f0d2c3e-${row.toString(16).padStart(8, '0')}`

const nameOf = (way: Way, { programId, userId }: RowKey): string =>
  `${way} ${keyHash(keyBytes([Buffer.from(programId), Buffer.from(userId)]))}`

function* messages(rows: number, seed: number) {
  const random = seeded(seed)
  for (let row = 0; row < rows; row += 1) {
    for (let version = 1; version <= (row % repeated === 0 ? 2 : 1); version += 1) {
      const value = JSON.stringify(enrolment(random, row % programmes, userOf(row), version, 700))
      yield { partition: row % partitions, value: Buffer.from(value), key: null, headers: {} }
    }
  }
}

/** Has a worker fill a table, corrupts rows, runs an audit, and compares its report with what was planted. */
export const auditAtScale = async ({ rows, planted, seed, options, progress }: Scale): Promise<ScaleResult> => {
  const stream = await loadStream('program-user-info')
  const servers = await startServers({ progress })
  const { contactPoint, port } = servers.cassandra
  const cql = cqlClient(servers.cassandra)
  const env = {
    ...{ ENV: 'scale', KAFKA_BROKER_SERVERS: servers.bootstrap, LOG_FORMAT: 'json' },
    ...{ ML_CASSANDRA_HOST: contactPoint, ML_CASSANDRA_PORT: String(port) },
  }
  const [topic, group] = ['scale.programuser.info', 'scale-programuser-group']
  const kafka = rigClient(servers.bootstrap)
  const admin = kafka.admin()
  const publisher = new Publisher(kafka, topic)
  try {
    await createTopics(servers.bootstrap, { [topic]: partitions, [`${topic}.failed`]: 1 })
    const { keyspace, table } = stream.defaults
    await createSchema(servers.cassandra, { keyspace, table, definition: stream.table })
    await admin.connect()
    progress('the worker is filling the table ...')
    const worker = await startWorker(builtWorker, env)
    await publisher.publish(messages(rows, seed))
    const events = publisher.published
    while (lagOf(await partitionOffsets(admin, group, topic)) > 0) await pause(500)
    await worker.signal('SIGTERM')
    await worker.discard()

    progress('corrupting rows ...')
    const random = seeded(seed + 1)
    const expected: string[] = []
    const isUsed = new Set<number>()
    for (const way of ways) {
      for (let count = 0; count < planted; count += 1) {
        let row = random.below(rows)
        while (isUsed.has(row)) row = random.below(rows)
        isUsed.add(row)
        const key = keyOf(row % programmes, way === 'extra' ? `extra-${count}` : userOf(row))
        await spoil(cql, `${keyspace}.${table}`, way, key)
        expected.push(nameOf(way, key))
      }
    }

    progress('running the audit ...')
    const since = Date.now()
    const child = spawn(process.execPath, [builtWorker, 'audit', '--json', '--whole-table', ...options], {
      env: { ...inherited(), ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [output, auditRssMaxMb] = await Promise.all([text(child.stdout), watchRss(child)])
    const lines = output.trim().split('\n')
    const told = lines.slice(0, -1).map(line => {
      const { kind, keyHash } = JSON.parse(line) as { kind: Way; keyHash: string }
      return `${kind} ${keyHash}`
    })
    progress(lines.at(-1) ?? '')
    const wrong = [
      ...expected.filter(name => !told.includes(name)).map(name => `not reported: ${name}`),
      ...told.filter(name => !expected.includes(name)).map(name => `not planted: ${name}`),
    ]
    return {
      ...{ rows, events, planted: expected.length, told: told.length, wrong: wrong.slice(0, 20) },
      ...{ auditSeconds: Math.round((Date.now() - since) / 1000), auditRssMaxMb },
    }
  } finally {
    await publisher.close()
    await admin.disconnect()
    await cql.shutdown()
    await servers.stop()
  }
}
