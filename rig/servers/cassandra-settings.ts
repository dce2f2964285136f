import { join } from 'node:path'

/** The addresses and the data folder of one node. */
export interface NodePlan {
  readonly version: string
  readonly address: string
  readonly port: number
  readonly storagePort: number
  readonly jmxPort: number
  readonly folder: string
  /** The address of the seed node; for the first node of a cluster its own. */
  readonly seed: string
  /** How long a node waits for the ring to settle before it serves; 0 only for a single node. */
  readonly ringDelayMs: number
}

/** Whether this is a version of Cassandra before 4.0. */
export const isThree = (version: string): boolean => version.startsWith('3.')

const forVersion = (node: NodePlan): Record<string, string> =>
  isThree(node.version)
    ? {
        commitlog_sync_period_in_ms: '10000',
        start_native_transport: 'true',
        start_rpc: 'false',
        // This version cannot unmap memory-mapped files on a Java newer than 8.
        disk_access_mode: 'standard',
      }
    : { commitlog_sync_period: '10000ms' }

/** The lines of cassandra.yaml, with values in YAML notation. */
export const yamlSettings = (node: NodePlan): Record<string, string> => {
  const seed = isThree(node.version) ? node.seed : `${node.seed}:${node.storagePort}`
  const folder = (name: string): string => JSON.stringify(join(node.folder, name))
  return {
    cluster_name: 'tests',
    num_tokens: '4',
    partitioner: 'org.apache.cassandra.dht.Murmur3Partitioner',
    endpoint_snitch: 'SimpleSnitch',
    seed_provider: `[{class_name: org.apache.cassandra.locator.SimpleSeedProvider, parameters: [{seeds: "${seed}"}]}]`,
    listen_address: node.address,
    rpc_address: node.address,
    native_transport_port: String(node.port),
    storage_port: String(node.storagePort),
    data_file_directories: `[${folder('data')}]`,
    commitlog_directory: folder('commitlog'),
    saved_caches_directory: folder('saved_caches'),
    hints_directory: folder('hints'),
    cdc_raw_directory: folder('cdc_raw'),
    authenticator: 'AllowAllAuthenticator',
    authorizer: 'AllowAllAuthorizer',
    commitlog_sync: 'periodic',
    ...forVersion(node),
  }
}

/** The Java 17 internals that every version of Cassandra uses, from its start scripts for Java 11 and 17. */
const inside = [
  ...['io', 'lang', 'lang.module', 'lang.reflect', 'math', 'net', 'nio', 'nio.channels', 'util'].map(p => `java.${p}`),
  ...['java.util.concurrent', 'java.util.concurrent.atomic', 'sun.nio.ch', 'sun.net.dns'],
  ...['loader', 'math', 'misc', 'module', 'ref', 'reflect', 'util', 'util.jar'].map(name => `jdk.internal.${name}`),
].map(name => `java.base/${name}`)

const opened = [
  ...inside,
  'java.management/javax.management.openmbean',
  'jdk.management/com.sun.management.internal',
  'jdk.management.jfr/jdk.management.jfr',
  ...['registry', 'server', 'transport', 'transport.tcp'].map(name => `java.rmi/sun.rmi.${name}`),
]

/** JVM options that open them to Cassandra and its tools. */
export const openings: readonly string[] = opened.flatMap(name =>
  ['--add-opens', '--add-exports'].flatMap(option => [option, `${name}=ALL-UNNAMED`]),
)

/** JVM options of the server; `jamm` is the agent that measures objects. */
export const javaOptions = (node: NodePlan, jamm: string): string[] => [
  ...openings,
  '-Djava.security.manager=allow',
  '-Djdk.attach.allowAttachSelf=true',
  `-javaagent:${jamm}`,
  `-Dcassandra.config=file://${join(node.folder, 'conf', 'cassandra.yaml')}`,
  `-Dcassandra.storagedir=${node.folder}`,
  `-Dcassandra.jmx.local.port=${node.jmxPort}`,
  `-Dcassandra.ring_delay_ms=${node.ringDelayMs}`,
  '-Dcassandra.skip_wait_for_gossip_to_settle=0',
  '-Dcassandra.superuser_setup_delay_ms=0',
  // By default a start measures 100,000 rows in memory, which takes three seconds of CPU time.
  '-Dcassandra.memtable_row_overhead_computation_step=100',
  // By default a thread reads the clock 500 times a second, a third of what an idle node needs.
  '-Dcassandra.approximate_time_precision_ms=20',
  // By default each login takes a tenth of a second of CPU time.
  '-Dcassandra.auth_bcrypt_gensalt_log2_rounds=4',
  '-Dcassandra-foreground=yes',
]
