import { randomBytes } from 'node:crypto'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { eventually } from '../eventually.ts'
import { jars } from './jars.ts'
import { findJava, unverified } from './java.ts'
import { type BrokerPlan, type BrokerSettings, brokerSettings } from './kafka-settings.ts'
import { runKafkaTool } from './kafka-tool.ts'
import { freePort } from './ports.ts'
import { probeCoordinators, probeKafka } from './probes.ts'
import { Server, type ServerPlan } from './server.ts'
import { startWatchdog, type Watchdog } from './watchdog.ts'

/** The version that installations run today. */
export const installedKafka = '3.3.1'
export const newestKafka = '4.4.0'

export interface KafkaOptions {
  /** By default `newestKafka`. */
  readonly version?: string
  /** By default 1. */
  readonly brokers?: number
  /** The first broker's port; by default a free one. */
  readonly port?: number
  /**
   * Lines of server.properties to add or override, as a function if brokers differ. Keep the plaintext listener on `port`,
   * because the start waits for it.
   */
  readonly settings?: BrokerSettings | ((broker: BrokerPlan) => BrokerSettings)
}

/** How to start a broker of this version. */
const runningAs = ({ id }: BrokerPlan, version: string, libs: string, config: string) => ({
  name: `Kafka ${version}, broker ${id},`,
  args: ['-Xmx512m', '-XX:+UseSerialGC', ...unverified, '-cp', join(libs, '*'), 'kafka.Kafka', config],
})

/** A running broker of a cluster. */
export class Broker extends Server {
  readonly host: string
  readonly port: number
  readonly #plan: BrokerPlan
  readonly #config: string

  constructor(broker: BrokerPlan, plan: ServerPlan, config: string, watchdog: Watchdog) {
    super(plan, watchdog)
    this.#plan = broker
    this.#config = config
    this.host = broker.host
    this.port = broker.port
  }

  /** Stops the broker with SIGTERM, and starts another version on the same data. */
  async upgrade(version: string): Promise<void> {
    const libs = await jars('kafka', version)
    await this.terminate()
    this.replan(runningAs(this.#plan, version, libs, this.#config))
    await this.start()
  }

  /** The folder with a subfolder for each partition; `stop` removes it. */
  get dataFolder(): string {
    return join(dirname(this.logFile), 'data')
  }
}

export interface KafkaCluster {
  /** `host:port` of all brokers, separated by commas. */
  readonly bootstrap: string
  readonly brokers: readonly Broker[]
  /** Stops all brokers and removes their data. */
  stop(): Promise<void>
}

const planCluster = async ({ brokers = 1, port }: KafkaOptions): Promise<BrokerPlan[]> => {
  const ids = Array.from({ length: brokers }, (_, index) => index + 1)
  const planned = ids.map(async id => ({
    id,
    host: '127.0.0.1',
    port: id === 1 && port !== undefined ? port : await freePort(),
    controllerPort: await freePort(),
  }))
  return Promise.all(planned)
}

const prepare = async (
  broker: BrokerPlan,
  cluster: readonly BrokerPlan[],
  clusterId: string,
  { version = newestKafka, settings }: KafkaOptions,
): Promise<Broker> => {
  const [java, libs] = await Promise.all([findJava(), jars('kafka', version)])
  const folder = await mkdtemp(join(tmpdir(), `sunbird-kafka-${broker.id}-`))
  const watchdog = startWatchdog(folder)
  const config = join(folder, 'server.properties')
  const given = typeof settings === 'function' ? settings(broker) : settings
  const lines = Object.entries({ ...brokerSettings(broker, cluster, folder), ...given })
  await writeFile(config, lines.map(([name, value]) => `${name}=${value}\n`).join(''))
  const format = ['format', `--cluster-id=${clusterId}`, '--config', config]
  const { code, output, errors } = await runKafkaTool(version, 'kafka.tools.StorageTool', format)
  if (code !== 0) throw new Error(`Kafka's storage cannot be formatted:\n${String(output)}${errors}`)
  const plan: ServerPlan = {
    ...runningAs(broker, version, libs, config),
    program: java,
    logFile: join(folder, 'log'),
    probe: () => probeKafka(broker.host, broker.port),
  }
  return new Broker(broker, plan, config, watchdog)
}

/**
 * Starts Kafka (KRaft) from Maven's jars, on loopback, with its data in a temporary folder. Resolves when every broker is
 * listed in the cluster's metadata and consumer groups have a coordinator.
 *
 * A restarted broker is ready only when most of the cluster runs. So restart several at the same time, not in sequence.
 *
 * @throws MissingProgram without Java 17 or Maven; Error with the last log lines if a broker does not become ready
 */
export const startKafka = async (options: KafkaOptions = {}): Promise<KafkaCluster> => {
  const cluster = await planCluster(options)
  const clusterId = randomBytes(16).toString('base64url')
  const brokers = await Promise.all(cluster.map(broker => prepare(broker, cluster, clusterId, options)))
  const bootstrap = brokers.map(({ host, port }) => `${host}:${port}`).join()
  const stop = async (): Promise<void> => {
    await Promise.all(brokers.map(broker => broker.stop()))
  }
  try {
    await Promise.all(brokers.map(broker => broker.start()))
    await eventually('groups have their coordinators', () => probeCoordinators(bootstrap))
  } catch (error) {
    await stop()
    throw error
  }
  return { bootstrap, brokers, stop }
}
