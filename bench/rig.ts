import { setTimeout as pause } from 'node:timers/promises'
import { type Client } from 'cassandra-driver'
import { Kafka, logLevel } from 'kafkajs'
import programUserInfo from '../streams/program-user-info/stream.ts'
import { cqlClient } from '../rig/servers/cql-client.ts'
import { createSchema } from '../rig/servers/schema.ts'
import { createTopics } from '../rig/servers/topics.ts'
import { type Servers } from '../rig/servers/start.ts'

const keyspace = 'bench'
const deadLetterTopic = 'bench.failed'

/** The table of one run, and the variables for its candidate. */
export interface Run {
  readonly groupId: string
  /** Keyspace and table. */
  readonly table: string
  readonly variables: Readonly<Record<string, string>>
  drop(): Promise<unknown>
}

/** The servers of the benchmark. */
export interface Rig {
  readonly kafka: Kafka
  readonly client: Client
  run(topic: string): Promise<Run>
  countRows(run: Run): Promise<number>
  /** Waits until the group has committed everything in the topic; false after 10 s. */
  allCommitted(run: Run, topic: string): Promise<boolean>
  close(): Promise<void>
}

export const openRig = async ({ bootstrap, cassandra }: Servers): Promise<Rig> => {
  const kafka = new Kafka({ brokers: bootstrap.split(','), logLevel: logLevel.NOTHING })
  const { contactPoint, port, localDataCenter } = cassandra
  const client = cqlClient(cassandra)
  await client.connect()
  await createTopics(bootstrap, { [deadLetterTopic]: 1 })
  const admin = kafka.admin()
  await admin.connect()
  let runs = 0

  const lag = async (groupId: string, topic: string): Promise<number> => {
    const ends = await admin.fetchTopicOffsets(topic)
    const [committed] = await admin.fetchOffsets({ groupId, topics: [topic] })
    return ends.reduce((sum, { partition, high }) => {
      const offset = Number(committed?.partitions.find(found => found.partition === partition)?.offset ?? -1)
      return sum + Number(high) - Math.max(0, offset)
    }, 0)
  }

  return {
    kafka,
    client,
    run: async topic => {
      runs += 1
      const table = `run_${runs}`
      const groupId = `bench-${runs}`
      await createSchema(cassandra, { keyspace, table, definition: programUserInfo.table })
      const variables = {
        KAFKA_BROKER_SERVERS: bootstrap,
        KAFKA_INPUT_TOPIC: topic,
        KAFKA_OUTPUT_FAILED_TOPIC: deadLetterTopic,
        KAFKA_GROUP_ID: groupId,
        ML_CASSANDRA_HOST: contactPoint,
        ML_CASSANDRA_PORT: String(port),
        ML_CASSANDRA_KEYSPACE: keyspace,
        ML_CASSANDRA_TABLE: table,
        CASSANDRA_LOCAL_DATACENTER: localDataCenter,
      }
      const drop = (): Promise<unknown> => client.execute(`DROP TABLE ${keyspace}.${table}`)
      return { groupId, table: `${keyspace}.${table}`, variables, drop }
    },
    countRows: async ({ table }) => {
      // With paging, because a busy server does not answer a single count in time.
      const rows = await client.execute(`SELECT user_id FROM ${table}`, [], { prepare: true, fetchSize: 5000 })
      let count = 0
      for await (const row of rows) count += row.keys().length
      return count
    },
    allCommitted: async ({ groupId }, topic) => {
      const deadline = Date.now() + 10_000
      while (Date.now() < deadline) {
        if ((await lag(groupId, topic)) === 0) return true
        await pause(100)
      }
      return false
    },
    close: async () => {
      await admin.disconnect()
      await client.shutdown()
    },
  }
}
