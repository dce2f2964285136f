import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Admin, type Kafka } from 'kafkajs'
import { programEnrollment } from '../../streams/program-user-info/table.ts'
import { type Random, seeded } from '../load/random.ts'
import { cqlClient } from '../servers/cql-client.ts'
import { createSchema } from '../servers/schema.ts'
import { type CommandResult, commandOf, type RunCommand } from './command.ts'
import { type Environment } from './environment.ts'
import { type FaultMessage, faultMessages } from './load.ts'
import { lagOf, rigClient, type PartitionOffsets, partitionOffsets } from './offsets.ts'
import { Publisher } from './publisher.ts'
import { type Readings, readingsOf } from './readings.ts'
import { configEntries } from './topic-config.ts'
import { type TopicMessage } from './topic-reader.ts'
import { builtWorker, startWorker, type WorkerProcess } from './worker-process.ts'

export interface SceneOptions {
  readonly environment: Environment
  /** A part of the names of topic, group and table. */
  readonly name: string
  readonly seed: number
  readonly events: number
  readonly partitions: number
  readonly programmes: number
  readonly eachBad: number
  /** The worker's main module, or a changed one that shows the harm of a fault. */
  readonly main?: string | undefined
  /** How to run other commands than `run`; by default in a process of their own. */
  readonly command?: RunCommand | undefined
  readonly progress: (line: string) => void
}

const keyspace = 'faults'

// Longer than the interval of the rates.
const idleMs = 3_000

const answerSeconds = 30

// How often to look at the group's offsets, which takes five requests to the brokers.
const offsetsMs = 250

/** A short session and short delays, so that a case takes seconds; otherwise defaults. */
const quick = {
  KAFKA_SESSION_TIMEOUT_MS: '6000',
  KAFKA_HEARTBEAT_INTERVAL_MS: '1000',
  RETRY_MAX_DELAY_MS: '2000',
  LOG_FORMAT: 'json',
  LOG_RATE_INTERVAL_MS: '1000',
}

/** With one decimal. */
export const secondsSince = (time: number): number => Math.round((Date.now() - time) / 100) / 10

/** One case: its topic, group and table on shared servers, its load and its workers. */
export class Scene {
  readonly topic: string
  readonly deadLetterTopic: string
  readonly group: string
  readonly table: string
  readonly random: Random
  readonly environment: Environment
  readonly workers: WorkerProcess[] = []
  /** Failures besides rows and dead letters. */
  readonly failures: string[] = []
  /** Observations for the results. */
  readonly seen: Record<string, number | string> = {}
  /** Messages that are in the table but no longer in the topic. */
  readonly remembered: TopicMessage[] = []
  readonly rememberedLetters: TopicMessage[] = []
  /** When the topic was recreated, if it was. */
  anewAt: number | undefined
  /** When an operator reset the group's offsets. */
  readonly resets: number[] = []
  zombies = 0
  secondsToHeal: number | undefined
  /** Offsets at the end of the topic that cannot be committed: control records of transactions. */
  controlRecords = 0
  readonly kafka: Kafka
  readonly admin: Admin
  readonly messages: Iterator<FaultMessage, undefined> & Iterable<FaultMessage>
  readonly events: number
  readonly #options: SceneOptions
  readonly #publisher: Publisher
  #publishing: Promise<void> = Promise.resolve()
  #isEnough = false
  #healedAt = Date.now()

  constructor(options: SceneOptions) {
    const { environment, name, seed, events, partitions, programmes, eachBad } = options
    this.#options = options
    this.environment = environment
    this.events = events
    // Without a dot: Kafka 3.3.1 refuses such a topic if it was deleted before (KAFKA-14337).
    this.topic = `${name}-in`
    this.deadLetterTopic = `${name}-failed`
    this.group = `${name}.group`
    this.table = name.replaceAll(/\W/g, '_').toLowerCase()
    this.random = seeded(seed ^ 0x5eed)
    this.kafka = rigClient(environment.bootstrap)
    this.admin = this.kafka.admin()
    this.messages = faultMessages({ seed, events, partitions, programmes, eachBad, bytes: 900 })
    this.#publisher = new Publisher(this.kafka, this.topic)
  }

  get published(): number {
    return this.#publisher.published
  }

  get tableName(): string {
    return `${this.keyspaceName}.${this.table}`
  }

  get keyspaceName(): string {
    return keyspace
  }

  async open(): Promise<void> {
    await this.createTable()
    await this.admin.connect()
    await this.createTopic(this.topic, this.#options.partitions)
    await this.createTopic(this.deadLetterTopic, 1)
  }

  /** The topic has its production limits. */
  async createTopic(topic: string, numPartitions: number): Promise<void> {
    const topics = [{ topic, numPartitions, configEntries: configEntries() }]
    await this.admin.createTopics({ topics, waitForLeaders: false })
    // Right after its creation, the broker does not know the topic for a moment.
    await this.mustSoon(`${topic} is there`, async () => {
      const { topics } = await this.admin.fetchTopicMetadata({ topics: [topic] })
      return topics[0]?.partitions.length === numPartitions && topics[0].partitions.every(({ leader }) => leader >= 0)
    })
  }

  /** Adds partitions and waits until the rig's client sees them. By itself it keeps its metadata for minutes. */
  async addPartitions(count: number): Promise<void> {
    await this.admin.createPartitions({ topicPartitions: [{ topic: this.topic, count }] })
    await this.mustSoon("the rig's client knows the new partitions", async () => {
      await this.admin.disconnect()
      await this.admin.connect()
      return (await this.partitionOffsets()).length === count
    })
  }

  async createTable(): Promise<void> {
    const { cassandra, cassandraNodes } = this.environment
    const replicationFactor = cassandraNodes.length
    await createSchema(cassandra, { keyspace, table: this.table, definition: programEnrollment, replicationFactor })
  }

  /** Executes one CQL statement with its own client. */
  async cql(statement: string): Promise<void> {
    const client = cqlClient(this.environment.cassandra)
    try {
      await client.execute(statement)
    } finally {
      await client.shutdown()
    }
  }

  /**
   * Reads the topic and remembers these messages. They count for the table even after the topic has lost them.
   */
  async remember(which: (message: TopicMessage) => boolean): Promise<void> {
    this.remembered.push(...(await this.readTopic(this.topic)).filter(which))
  }

  /** Remembers dead letters before their topic loses them. */
  keepDeadLetters(letters: readonly TopicMessage[]): void {
    this.rememberedLetters.push(...letters)
  }

  /** Reads a topic with an independent reader. */
  readTopic(topic: string): Promise<TopicMessage[]> {
    return this.environment.topics.read(this.environment.bootstrap, topic)
  }

  say(line: string): void {
    this.#options.progress(line)
  }

  /** Records a failure if a condition does not hold. */
  expect(holds: boolean, sentence: string): void {
    if (!holds) this.failures.push(sentence)
  }

  /** Publishes this number of messages, or all the rest. */
  async publish(count = Infinity, perSecond = Infinity): Promise<void> {
    await this.#publisher.publish(this.take(count), perSecond)
  }

  async publishThese(messages: Iterable<FaultMessage>): Promise<void> {
    await this.#publisher.publish(messages)
  }

  /** Publishes the rest at this rate in the background; `untilPublished` waits for the end. */
  startPublishing(perSecond: number): void {
    this.#publishing = this.publish(Infinity, perSecond)
  }

  /** Publishes no more, for load that lasts as long as a fault. */
  stopPublishing(): void {
    this.#isEnough = true
  }

  async untilPublished(): Promise<void> {
    await this.#publishing
  }

  async startWorker(
    settings: Readonly<Record<string, string>> = {},
    nodeOptions: readonly string[] = [],
  ): Promise<WorkerProcess> {
    const worker = await startWorker(this.#main, { ...this.#settings, ...settings }, nodeOptions)
    this.workers.push(worker)
    return worker
  }

  /** Runs another command than `run`, with the workers' settings, and waits for its end. */
  async command(...args: readonly string[]): Promise<CommandResult> {
    const run = this.#options.command ?? commandOf(this.#main)
    return run(this.#settings, args)
  }

  /** Waits, so that a fault lasts. */
  async pass(seconds: number): Promise<void> {
    await pause(seconds * 1000)
  }

  /** Waits for a condition; false if it is not met in time. */
  async until(condition: () => boolean | Promise<boolean>, seconds: number, lookMs = 50): Promise<boolean> {
    const deadline = Date.now() + seconds * 1000
    for (;;) {
      if (await Promise.resolve(condition()).catch(() => false)) return true
      if (Date.now() > deadline) return false
      await pause(lookMs)
    }
  }

  /** The same, and a failure of the case if it is not met. */
  async mustSoon(
    sentence: string,
    condition: () => boolean | Promise<boolean>,
    seconds = 120,
    lookMs?: number,
  ): Promise<void> {
    const came = await this.until(condition, seconds, lookMs)
    this.expect(came, `${sentence}: not within ${seconds} s`)
  }

  /** Waits until a worker has partitions to read. */
  async untilAssigned(worker: WorkerProcess): Promise<void> {
    await this.mustSoon('it is assigned', () => worker.said('partitions are assigned') !== undefined)
  }

  /** Waits until a worker has had nothing in flight for some seconds, according to its log line of rates. */
  async untilIdle(worker: WorkerProcess, seconds = 120): Promise<void> {
    let idleSince = Infinity
    await this.mustSoon(
      'nothing is in flight',
      () => {
        const isIdle = worker.lines.findLast(({ message }) => message === 'rates')?.['inFlight'] === 0
        idleSince = isIdle ? Math.min(idleSince, Date.now()) : Infinity
        return Date.now() - idleSince > idleMs
      },
      seconds,
    )
  }

  /** Retries until the brokers answer, with a new client each time, because only a new client requests a new leader. */
  async partitionOffsets(): Promise<PartitionOffsets[]> {
    try {
      return await partitionOffsets(this.admin, this.group, this.topic)
    } catch {
      let found: PartitionOffsets[] = []
      const answered = await this.until(async () => {
        await this.admin.disconnect()
        await this.admin.connect()
        found = await partitionOffsets(this.admin, this.group, this.topic)
        return true
      }, answerSeconds)
      if (!answered) throw new Error(`the brokers have not returned the group's offsets for ${answerSeconds} s`)
      return found
    }
  }

  async committed(): Promise<number> {
    return (await this.partitionOffsets()).reduce((sum, { committed }) => sum + Math.max(0, committed), 0)
  }

  /** Waits until the group has committed this number of messages. */
  async untilCommitted(count: number, seconds = 180): Promise<void> {
    const isCommitted = async (): Promise<boolean> => (await this.committed()) >= count
    await this.mustSoon(`${count} messages are committed`, isCommitted, seconds, offsetsMs)
  }

  /** The fault has ended, and the time to recover starts. */
  healed(): void {
    this.#healedAt = Date.now()
  }

  /** Waits until everything published is committed. A worker that runs without progress is a zombie. */
  async caughtUp(seconds = 180): Promise<void> {
    await this.untilPublished()
    const done = await this.#untilNoLag(seconds)
    if (done) this.secondsToHeal ??= secondsSince(this.#healedAt)
    else await this.#notHealed(seconds)
  }

  /** The records of the probes in all workers so far. */
  async readings(): Promise<Readings> {
    const notes = (await Promise.all(this.workers.map(worker => worker.notes()))).flat()
    return readingsOf(notes, this.anewAt === undefined ? this.resets : [...this.resets, this.anewAt])
  }

  /** Saves the output of the workers, and returns the folder. */
  async saveLogs(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'sunbird-faults-'))
    await Promise.all(
      this.workers.map(({ output }, index) => writeFile(join(folder, `worker-${index + 1}.log`), output)),
    )
    return folder
  }

  async close(): Promise<void> {
    await this.#publisher.close()
    await Promise.all(this.workers.map(worker => worker.discard()))
    await this.admin.disconnect()
  }

  get #main(): string {
    return this.#options.main ?? builtWorker
  }

  get #settings(): Readonly<Record<string, string>> {
    const { kafkaLinks, cassandraLink, cassandraLinks } = this.environment
    return {
      ...quick,
      KAFKA_BROKER_SERVERS: kafkaLinks.map(({ port }) => `127.0.0.1:${port}`).join(),
      KAFKA_INPUT_TOPIC: this.topic,
      KAFKA_OUTPUT_FAILED_TOPIC: this.deadLetterTopic,
      KAFKA_GROUP_ID: this.group,
      ML_CASSANDRA_HOST: cassandraLinks.map(({ address }) => address).join(),
      ML_CASSANDRA_PORT: String(cassandraLink.port),
      ML_CASSANDRA_KEYSPACE: keyspace,
      ML_CASSANDRA_TABLE: this.table,
    }
  }

  /** Restarts dead workers, as an orchestrator does, to distinguish lost from late messages. */
  async #notHealed(seconds: number): Promise<void> {
    const alive = this.workers.filter(({ running }) => running)
    this.zombies += alive.length
    const lag = await this.partitionOffsets().then(lagOf, () => NaN)
    this.failures.push(`lag ${lag} ${seconds} s after the fault, ${alive.length} workers running`)
    if (alive.length > 0) return
    await this.startWorker()
    await this.#untilNoLag(seconds)
  }

  #untilNoLag(seconds: number): Promise<boolean> {
    const isRead = async (): Promise<boolean> => lagOf(await this.partitionOffsets()) <= this.controlRecords
    return this.until(isRead, seconds, offsetsMs)
  }

  /** The next messages of the load. */
  *take(count: number): Generator<FaultMessage> {
    for (let taken = 0; taken < count; taken += 1) {
      const { value, done } = this.messages.next()
      if (done === true || this.#isEnough) return
      yield value
    }
  }
}
