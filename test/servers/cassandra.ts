import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { javaOptions, type NodePlan, yamlSettings } from './cassandra-settings.ts'
import { sourceFile } from './folders.ts'
import { jars } from './jars.ts'
import { findJava } from './java.ts'
import { freePort } from './ports.ts'
import { Server, type ServerPlan } from './server.ts'
import { startWatchdog, type Watchdog } from './watchdog.ts'

const execute = promisify(execFile)

/** What installations run today. */
export const installedCassandra = '3.11.13'
export const newestCassandra = '5.0.9'

export interface CassandraOptions {
  /** `newestCassandra` when not given. */
  readonly version?: string
  /** The CQL port; a free one when not given. */
  readonly port?: number
  /** One of the loopback addresses; 127.0.0.1 when not given. */
  readonly address?: string
  /** Lines of cassandra.yaml to add or to override, the value in YAML's notation. */
  readonly settings?: Readonly<Record<string, string>>
}

/** A node as it serves. */
export class Cassandra extends Server {
  readonly contactPoint: string
  readonly port: number
  readonly localDataCenter = 'datacenter1'
  readonly #nodetool: readonly string[]
  readonly #java: string

  constructor(node: NodePlan, libs: string, plan: ServerPlan, watchdog: Watchdog) {
    super(plan, watchdog)
    this.contactPoint = node.address
    this.port = node.port
    this.#java = plan.java
    const main = 'org.apache.cassandra.tools.NodeTool'
    this.#nodetool = [
      `-Duser.home=${node.folder}`,
      '-cp',
      join(libs, '*'),
      main,
      '-h',
      '127.0.0.1',
      '-p',
      String(node.jmxPort),
    ]
  }

  /** What `nodetool` with these arguments prints, for instance of `disablebinary`. */
  async nodetool(...args: string[]): Promise<string> {
    return (await execute(this.#java, [...this.#nodetool, ...args])).stdout
  }
}

const optionsRequest = Buffer.from('040000000500000000', 'hex')
const supported = 0x06

/** One frame of the native protocol there and back: OPTIONS, which asks for no credentials, answered by SUPPORTED. */
const answersOptions = (host: string, port: number) => async (): Promise<void> => {
  const socket = connect({ host, port, timeout: 2_000 }).on('timeout', () => socket.destroy(new Error('no answer')))
  try {
    socket.write(optionsRequest)
    const [answer] = (await once(socket, 'data')) as [Buffer]
    if (answer[4] !== supported) throw new Error('not the native protocol')
  } finally {
    socket.destroy()
  }
}

const writeConfiguration = async (node: NodePlan, settings: CassandraOptions['settings']): Promise<string> => {
  const folder = join(node.folder, 'conf')
  await mkdir(folder)
  const lines = Object.entries({ ...yamlSettings(node), ...settings }).map(([name, value]) => `${name}: ${value}\n`)
  await writeFile(join(folder, 'cassandra.yaml'), lines)
  await copyFile(sourceFile('cassandra-logback.xml'), join(folder, 'logback.xml'))
  return folder
}

const prepare = async (options: CassandraOptions): Promise<Cassandra> => {
  const { version = newestCassandra, address = '127.0.0.1' } = options
  const [java, libs] = await Promise.all([findJava(), jars('cassandra', version)])
  const folder = await mkdtemp(join(tmpdir(), 'sunbird-cassandra-'))
  const watchdog = startWatchdog(folder)
  const port = options.port ?? (await freePort(address))
  const node = { version, address, port, storagePort: await freePort(address), jmxPort: await freePort(), folder }
  const conf = await writeConfiguration(node, options.settings)
  const jamm = join(libs, (await readdir(libs)).find(name => name.startsWith('jamm-')) ?? 'jamm.jar')
  const heap = ['-Xms512m', '-Xmx512m', '-XX:+UseSerialGC']
  const classPath = [conf, join(libs, '*')].join(':')
  const main = ['-cp', classPath, 'org.apache.cassandra.service.CassandraDaemon']
  const plan: ServerPlan = {
    name: `Cassandra ${version}`,
    java,
    args: [...heap, ...javaOptions(node, jamm), ...main],
    logFile: join(folder, 'log'),
    probe: answersOptions(address, port),
  }
  return new Cassandra(node, libs, plan, watchdog)
}

/**
 * Starts one Cassandra node from Maven's jars, on loopback, with its data in a temporary folder; resolves when it
 * answers on its CQL port.
 *
 * @throws MissingProgram without Java 17 or Maven; Error with the last lines of the log when it does not serve.
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
