import { execFile } from 'node:child_process'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Kafka, logLevel } from 'kafkajs'
import { jars } from './jars.ts'
import { findJava } from './java.ts'
import { freePort } from './ports.ts'
import { Server } from './server.ts'
import { startWatchdog } from './watchdog.ts'

const execute = promisify(execFile)
const host = '127.0.0.1'

/** What installations run today. */
export const installedKafka = '3.3.1'
export const newestKafka = '4.4.0'

/** One broker before it starts; `id` counts from 1. */
export interface BrokerPlan {
  readonly id: number
  readonly port: number
  readonly controllerPort: number
}

export type BrokerSettings = Readonly<Record<string, string>>

export interface KafkaOptions {
  /** `newestKafka` when not given. */
  readonly version?: string
  /** 1 when not given. */
  readonly brokers?: number
  /** The first broker's port; a free one when not given. */
  readonly port?: number
  /** Lines of server.properties to add or to override; as a function when brokers differ. */
  readonly settings?: BrokerSettings | ((broker: BrokerPlan) => BrokerSettings)
  /** Starts about a second sooner by leaving out the optimising compiler: for tests, not for measurements. */
  readonly quickStart?: boolean
}

/** One broker: a `Server` with its address. */
export class Broker extends Server {
  readonly host = host
  readonly port: number
  constructor(port: number, ...server: ConstructorParameters<typeof Server>) {
    super(...server)
    this.port = port
  }
}

export interface KafkaCluster {
  /** `host:port` of each broker, comma between. */
  readonly bootstrap: string
  readonly brokers: readonly Broker[]
  /** Ends all brokers and removes their data. */
  stop(): Promise<void>
}

const properties = (broker: BrokerPlan, cluster: readonly BrokerPlan[], folder: string): BrokerSettings => {
  const copies = String(Math.min(3, cluster.length))
  return {
    'process.roles': 'broker,controller',
    'node.id': String(broker.id),
    'controller.quorum.voters': cluster.map(({ id, controllerPort }) => `${id}@${host}:${controllerPort}`).join(),
    listeners: `PLAINTEXT://${host}:${broker.port},CONTROLLER://${host}:${broker.controllerPort}`,
    'advertised.listeners': `PLAINTEXT://${host}:${broker.port}`,
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': join(folder, 'data'),
    'auto.create.topics.enable': 'false',
    'group.initial.rebalance.delay.ms': '0',
    'default.replication.factor': copies,
    'offsets.topic.replication.factor': copies,
    // 50 would be created one by one when the first group comes.
    'offsets.topic.num.partitions': '4',
    'transaction.state.log.replication.factor': copies,
    'transaction.state.log.num.partitions': '4',
    'transaction.state.log.min.isr': '1',
    // 128 MB of heap otherwise.
    'log.cleaner.dedupe.buffer.size': '4194304',
  }
}

const listed = (port: number, id: number) => async (): Promise<void> => {
  const retry = { retries: 0 }
  const client = new Kafka({
    brokers: [`${host}:${port}`],
    retry,
    logLevel: logLevel.NOTHING,
    connectionTimeout: 2_000,
  })
  const admin = client.admin()
  try {
    await admin.connect()
    const { brokers } = await admin.describeCluster()
    if (!brokers.some(({ nodeId }) => nodeId === id)) throw new Error('not yet one of the cluster')
  } finally {
    await admin.disconnect()
  }
}

// Any base64 of 16 bytes will do: these clusters never meet.
const clusterId = 'c3VuYmlyZC1zdHJlYW1z'.slice(0, 22)

const prepare = async (broker: BrokerPlan, cluster: readonly BrokerPlan[], options: KafkaOptions): Promise<Broker> => {
  const version = options.version ?? newestKafka
  const [java, libs] = await Promise.all([findJava(), jars('kafka', version)])
  const folder = await mkdtemp(join(tmpdir(), `sunbird-kafka-${broker.id}-`))
  const watchdog = startWatchdog(folder)
  const config = join(folder, 'server.properties')
  const own = typeof options.settings === 'function' ? options.settings(broker) : options.settings
  const lines = Object.entries({ ...properties(broker, cluster, folder), ...own }).map(
    ([key, value]) => `${key}=${value}`,
  )
  await writeFile(config, lines.join('\n'))
  const program = ['-Xmx512m', '-XX:+UseSerialGC', '-cp', join(libs, '*')]
  const quick = '-XX:TieredStopAtLevel=1'
  const format = ['kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', config]
  await execute(java, [quick, ...program, ...format])
  return new Broker(
    broker.port,
    {
      name: `Kafka ${version}, broker ${broker.id}`,
      java,
      args: [...(options.quickStart === true ? [quick] : []), ...program, 'kafka.Kafka', config],
      logFile: join(folder, 'log'),
      probe: listed(broker.port, broker.id),
    },
    watchdog,
  )
}

const plan = async (options: KafkaOptions): Promise<BrokerPlan[]> => {
  const ids = Array.from({ length: options.brokers ?? 1 }, (_, index) => index + 1)
  return Promise.all(
    ids.map(async id => ({
      id,
      port: id === 1 && options.port !== undefined ? options.port : await freePort(),
      controllerPort: await freePort(),
    })),
  )
}

/**
 * Starts Kafka from Maven's jars, on loopback, with its data in a temporary folder: every node is broker and controller
 * (KRaft), no topic is made by itself. Resolves when every broker is listed in the cluster's metadata.
 *
 * To restart all brokers, restart them at the same time: a broker serves when most of the cluster does.
 *
 * @throws MissingProgram without Java 17 or Maven; Error with the last lines of the log when a broker does not serve.
 */
export const startKafka = async (options: KafkaOptions = {}): Promise<KafkaCluster> => {
  const cluster = await plan(options)
  const brokers = await Promise.all(cluster.map(broker => prepare(broker, cluster, options)))
  const stop = async (): Promise<void> => void (await Promise.all(brokers.map(broker => broker.stop())))
  try {
    await Promise.all(brokers.map(broker => broker.start()))
  } catch (error) {
    await stop()
    throw error
  }
  return { bootstrap: brokers.map(({ port }) => `${host}:${port}`).join(), brokers, stop }
}
