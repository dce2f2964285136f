import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { withClassArchive } from './class-archive.ts'
import { clockAhead, compileClock } from './clock-ahead.ts'
import { isThree, javaOptions, openings, type NodePlan, yamlSettings } from './cassandra-settings.ts'
import { sourceFile } from './folders.ts'
import { jarIn, jars } from './jars.ts'
import { findJava, unverified } from './java.ts'
import { freePort } from './ports.ts'
import { probeCassandra } from './probes.ts'
import { Server, type ServerPlan } from './server.ts'
import { startWatchdog, type Watchdog } from './watchdog.ts'

const execute = promisify(execFile)

/** The version that installations run today. */
export const installedCassandra = '3.11.13'
export const newestCassandra = '5.0.9'

export interface CassandraOptions {
  /** By default `newestCassandra`. */
  readonly version?: string
  /** The CQL port; by default a free one. */
  readonly port?: number
  /** A loopback address; by default 127.0.0.1. */
  readonly address?: string
  /** The port between nodes, the same for a whole cluster; by default a free one. */
  readonly storagePort?: number
  /** The address of the seed node; undefined for a single node. */
  readonly seed?: string
  /** The maximum heap in MB; by default 512. */
  readonly heapMb?: number
  /** JVM options to add, for example `-Dcassandra.replace_address_first_boot=...`. */
  readonly javaOptions?: readonly string[]
  /** Lines of cassandra.yaml to add or override, with values in YAML notation. */
  readonly settings?: Readonly<Record<string, string>>
}

/** JVM options of a node that is never restarted: changes of its schema stay in memory, which takes a third of the CPU time. */
export const neverRestarted: readonly string[] = ['-Dcassandra.unsafesystem=true']

const localDataCenter = 'datacenter1'

/** Commands of the newest nodetool that 3.11 does not know, and its own operations for them. */
const operationsOf3: Readonly<Record<string, string>> = {
  disablebinary: 'stopNativeTransport',
  enablebinary: 'startNativeTransport',
  decommission: 'decommission',
}
const onStorageService = ['sjk', 'mx', '-b', 'org.apache.cassandra.db:type=StorageService', '-mc', '-op']

/** A running node. */
export class Cassandra extends Server {
  readonly contactPoint: string
  readonly port: number
  readonly localDataCenter = localDataCenter
  readonly #nodetool: readonly string[]
  readonly #version: string
  readonly #toolLibs: string
  readonly #plan: ServerPlan
  readonly #compileClock: () => Promise<void>
  #clock: Promise<void> | undefined

  constructor(node: NodePlan, libs: string, toolLibs: string, plan: ServerPlan, watchdog: Watchdog) {
    super(plan, watchdog)
    this.contactPoint = node.address
    this.port = node.port
    this.#version = node.version
    this.#toolLibs = toolLibs
    this.#plan = plan
    this.#compileClock = () => compileClock(libs, join(node.folder, 'conf'))
    this.#nodetool = [
      // It runs for a second.
      ...['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'],
      // nodetool keeps its history there.
      `-Duser.home=${node.folder}`,
      ...openings,
      ...['-cp', join(toolLibs, '*'), 'org.apache.cassandra.tools.NodeTool'],
      ...['-h', '127.0.0.1', '-p', String(node.jmxPort)],
    ]
  }

  /** The output of `nodetool` with these arguments, for example `disablebinary`. */
  async nodetool(...args: string[]): Promise<string> {
    const operation = isThree(this.#version) ? operationsOf3[args[0] ?? ''] : undefined
    const known = operation === undefined ? args : [...onStorageService, operation]
    const { stdout } = await withClassArchive(this.#toolLibs, 'nodetool', options =>
      execute(this.#plan.program, [...options, ...this.#nodetool, ...known]),
    )
    return stdout
  }

  /**
   * From its next start, its clock is this many seconds ahead of the machine's.
   *
   * @throws Error before Cassandra 4.0, which takes most of its times from the machine
   */
  async setClockAhead(seconds: number): Promise<void> {
    if (isThree(this.#version)) throw new Error(`Cassandra ${this.#version} has no clock of its own`)
    await (this.#clock ??= this.#compileClock())
    this.replan({ args: [...clockAhead(seconds), ...this.#plan.args] })
  }
}

const writeConfiguration = async (node: NodePlan, settings: CassandraOptions['settings']): Promise<string> => {
  const folder = join(node.folder, 'conf')
  await mkdir(folder)
  const lines = Object.entries({ ...yamlSettings(node), ...settings }).map(([name, value]) => `${name}: ${value}\n`)
  await writeFile(join(folder, 'cassandra.yaml'), lines)
  await copyFile(sourceFile('cassandra-logback.xml'), join(folder, 'logback.xml'))
  // For GossipingPropertyFileSnitch, which clusters use.
  await writeFile(join(folder, 'cassandra-rackdc.properties'), `dc=${localDataCenter}\nrack=rack1\n`)
  return folder
}

// Long enough for gossip on one machine.
const clusterRingDelayMs = 1_000

const prepare = async (options: CassandraOptions): Promise<Cassandra> => {
  const { version = newestCassandra, address = '127.0.0.1' } = options
  const [java, libs] = await Promise.all([findJava(), jars('cassandra', version)])
  // The nodetool of 3.11 does not run on Java 17; the newest one connects to it.
  const toolLibs = isThree(version) ? await jars('cassandra', newestCassandra) : libs
  const folder = await mkdtemp(join(tmpdir(), 'sunbird-cassandra-'))
  const watchdog = startWatchdog(folder)
  const port = options.port ?? (await freePort(address))
  const node = {
    ...{ version, address, port, folder, jmxPort: await freePort() },
    storagePort: options.storagePort ?? (await freePort(address)),
    seed: options.seed ?? address,
    ringDelayMs: options.seed === undefined ? 0 : clusterRingDelayMs,
  }
  const conf = await writeConfiguration(node, options.settings)
  const jamm = await jarIn(libs, 'jamm-')
  const heap = ['-Xms256m', `-Xmx${options.heapMb ?? 512}m`, '-XX:+UseSerialGC', ...unverified]
  const classPath = [conf, join(libs, '*')].join(':')
  const main = ['-cp', classPath, 'org.apache.cassandra.service.CassandraDaemon']
  const plan: ServerPlan = {
    name: `Cassandra ${version}`,
    program: java,
    args: [...heap, ...javaOptions(node, jamm), ...(options.javaOptions ?? []), ...main],
    logFile: join(folder, 'log'),
    probe: () => probeCassandra(address, port),
  }
  return new Cassandra(node, libs, toolLibs, plan, watchdog)
}

/**
 * Starts one Cassandra node from Maven's jars, on loopback, with its data in a temporary folder. Resolves when the node
 * answers on its CQL port.
 *
 * @throws MissingProgram without Java 17 or Maven; Error with the last lines of the log if it does not start
 */
export const startCassandra = async (options: CassandraOptions = {}): Promise<Cassandra> => {
  const cassandra = await prepare(options)
  try {
    await cassandra.start()
  } catch (error) {
    await cassandra.stop()
    throw error
  }
  return cassandra
}
