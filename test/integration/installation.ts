import { type Client } from 'cassandra-driver'
import { type Admin, CompressionTypes, Kafka, logLevel, type Message, type Producer } from 'kafkajs'
import { type Headers } from '../../src/model/record.ts'
import { type Stream } from '../../src/stream/definition.ts'
import { openProxy, type Proxy } from '../../rig/faults/proxy.ts'
import { borrowCassandra, type Borrowed, borrowKafka } from '../../rig/servers/borrow.ts'
import { freePort } from '../../rig/servers/ports.ts'
import { type CassandraAddress, cqlClient } from '../../rig/servers/cql-client.ts'
import { createSchema } from '../../rig/servers/schema.ts'
import { createTopics } from '../../rig/servers/topics.ts'
import { type Env } from './worker.ts'

export interface Versions {
  readonly kafka: string
  readonly cassandra: string
}

/** A message in a topic. */
export interface StoredMessage {
  readonly partition: number
  readonly offset: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: Headers
}

// One request of the client stays below the topic's message limit.
const perSend = 200

type BorrowedKafka = Borrowed<{ readonly bootstrap: string }>

/**
 * Both servers, with the topics and the table of one stream. Other test files use the same servers at the same time. So each
 * file has its own topics, groups and tables, and makes an outage on its own link.
 */
export class Installation {
  readonly kafka: BorrowedKafka
  readonly cassandra: Borrowed<CassandraAddress>
  /** The link between this file's workers and Cassandra. While it is silent, the node seems to hang. */
  readonly cassandraLink: Proxy
  readonly client: Kafka
  readonly admin: Admin
  readonly producer: Producer
  readonly cql: Client

  private constructor(kafka: BorrowedKafka, cassandra: Borrowed<CassandraAddress>, cassandraLink: Proxy) {
    this.kafka = kafka
    this.cassandra = cassandra
    this.cassandraLink = cassandraLink
    this.client = new Kafka({ brokers: kafka.bootstrap.split(','), logLevel: logLevel.NOTHING })
    this.admin = this.client.admin()
    this.producer = this.client.producer({ allowAutoTopicCreation: false })
    this.cql = cqlClient(cassandra)
  }

  static async start({ kafka, cassandra }: Versions): Promise<Installation> {
    const [brokers, node] = await Promise.all([borrowKafka(kafka), borrowCassandra(cassandra)])
    const link = await openProxy({ address: node.contactPoint, port: node.port }, await freePort())
    const installation = new Installation(brokers, node, link)
    await Promise.all([installation.admin.connect(), installation.producer.connect(), installation.cql.connect()])
    return installation
  }

  async stop(): Promise<void> {
    await Promise.all([this.admin.disconnect(), this.producer.disconnect(), this.cql.shutdown()])
    await Promise.all([this.cassandraLink.close(), this.kafka.giveBack(), this.cassandra.giveBack()])
  }

  /** The settings for a worker to connect to both servers. */
  get env(): Env {
    return {
      KAFKA_BROKER_SERVERS: this.kafka.bootstrap,
      ML_CASSANDRA_HOST: this.cassandraLink.address,
      ML_CASSANDRA_PORT: String(this.cassandraLink.port),
    }
  }

  /** Creates the topics and the table of a stream for this environment name. The topic has two partitions. */
  async prepare(stream: Stream, env: string, table: string = stream.defaults.table): Promise<void> {
    const named = (topic: string): string => topic.replace('{{env}}', env)
    await createTopics(this.kafka.bootstrap, {
      [named(stream.defaults.topic)]: 2,
      [named(stream.defaults.deadLetterTopic)]: 1,
    })
    await createSchema(this.cassandra, { keyspace: stream.defaults.keyspace, table, definition: stream.table })
  }

  async publish(topic: string, messages: readonly Message[], compression = CompressionTypes.None): Promise<void> {
    for (let from = 0; from < messages.length; from += perSend) {
      await this.producer.send({ topic, compression, messages: messages.slice(from, from + perSend) })
    }
  }

  /** The number of messages in a topic. */
  async count(topic: string): Promise<number> {
    const offsets = await this.admin.fetchTopicOffsets(topic)
    return offsets.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0)
  }

  /** All messages of a topic, one partition after another. */
  async read(topic: string): Promise<StoredMessage[]> {
    const total = await this.count(topic)
    const found: StoredMessage[] = []
    if (total === 0) return found
    const consumer = this.client.consumer({ groupId: `reader-${topic}-${Date.now()}`, maxWaitTimeInMs: 100 })
    try {
      await consumer.connect()
      await consumer.subscribe({ topic, fromBeginning: true })
      await new Promise<void>((resolve, reject) => {
        consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error))
        const eachMessage = ({ partition, message }: { partition: number; message: Message & { offset: string } }) => {
          const {
            key,
            value,
            headers = {},
          } = message as { key: Buffer | null; value: Buffer | null; headers?: Headers }
          found.push({ partition, offset: Number(message.offset), key, value, headers })
          if (found.length === total) resolve()
          return Promise.resolve()
        }
        consumer.run({ autoCommit: false, eachMessage }).catch(reject)
      })
    } finally {
      await consumer.disconnect()
    }
    return found.sort((a, b) => a.partition - b.partition || a.offset - b.offset)
  }

  /** The sum of a group's committed offsets in a topic; a partition without one counts as 0. */
  async committed(groupId: string, topic: string): Promise<number> {
    const [offsets] = await this.admin.fetchOffsets({ groupId, topics: [topic] })
    return offsets?.partitions.reduce((sum, { offset }) => sum + Math.max(0, Number(offset)), 0) ?? 0
  }
}
