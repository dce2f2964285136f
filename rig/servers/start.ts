import { type Cassandra, type CassandraOptions, newestCassandra, startCassandra } from './cassandra.ts'
import { composeDown, composeUp, dockerCassandra, dockerKafka, isDockerThere } from './docker.ts'
import { areHere, type Product } from './jars.ts'
import { findJava, findMaven, MissingProgram } from './java.ts'
import { type KafkaCluster, type KafkaOptions, newestKafka, startKafka } from './kafka.ts'
import { type CassandraAddress } from './cql-client.ts'

/** A running Kafka and Cassandra. */
export interface Servers {
  readonly bootstrap: string
  readonly cassandra: CassandraAddress
  /** Stops both and removes their data. */
  stop(): Promise<void>
}

export interface ServersOptions {
  /** Ignored with Docker, where compose.yaml has the versions. */
  readonly kafka?: KafkaOptions
  readonly cassandra?: CassandraOptions
  /** Receives a line for each step, and at the start of steps that may take longer than two seconds. */
  readonly progress: (line: string) => void
}

const seconds = (since: number): string => `${((Date.now() - since) / 1000).toFixed(1)} s`

const bothOrNone = async (
  kafka: Promise<KafkaCluster>,
  cassandra: Promise<Cassandra>,
): Promise<[KafkaCluster, Cassandra]> => {
  const started = await Promise.allSettled([kafka, cassandra])
  const [first, second] = started
  if (first.status === 'fulfilled' && second.status === 'fulfilled') return [first.value, second.value]
  for (const one of started) if (one.status === 'fulfilled') await one.value.stop()
  return Promise.all([kafka, cassandra])
}

const startWithJava = async ({ kafka = {}, cassandra = {}, progress }: ServersOptions): Promise<Servers> => {
  const since = Date.now()
  const announced = async <T>(product: Product, version: string, start: () => Promise<T>): Promise<T> => {
    const first = areHere(product, version) ? '' : ' (Maven downloads about 50 MB the first time)'
    progress(`starting ${product} ${version}${first} ...`)
    const server = await start()
    progress(`${product} is ready after ${seconds(since)}`)
    return server
  }
  const [cluster, node] = await bothOrNone(
    announced('kafka', kafka.version ?? newestKafka, () => startKafka(kafka)),
    announced('cassandra', cassandra.version ?? newestCassandra, () => startCassandra(cassandra)),
  )
  const stop = async (): Promise<void> => {
    await Promise.all([cluster.stop(), node.stop()])
  }
  return { bootstrap: cluster.bootstrap, cassandra: node, stop }
}

const startWithDocker = async ({ progress }: ServersOptions): Promise<Servers> => {
  const since = Date.now()
  progress('no Java 17 with Maven here: docker compose up kafka cassandra (downloads the images the first time) ...')
  await composeUp()
  progress(`both are ready after ${seconds(since)}`)
  return {
    bootstrap: `${dockerKafka.host}:${dockerKafka.port}`,
    cassandra: { contactPoint: dockerCassandra.host, port: dockerCassandra.port, localDataCenter: 'datacenter1' },
    stop: composeDown,
  }
}

const needed = async ({ kafka, cassandra }: ServersOptions): Promise<void> => {
  await findJava()
  const bring = !areHere('kafka', kafka?.version ?? newestKafka)
  if (bring || !areHere('cassandra', cassandra?.version ?? newestCassandra)) await findMaven()
}

/**
 * Starts Kafka and Cassandra at the same time: from Maven's jars if Java 17 and Maven are installed, otherwise with Docker.
 *
 * @throws MissingProgram with what to install, if neither is available
 */
export const startServers = async (options: ServersOptions): Promise<Servers> => {
  try {
    await needed(options)
  } catch (error) {
    if (!(error instanceof MissingProgram) || !(await isDockerThere())) throw error
    return startWithDocker(options)
  }
  return startWithJava(options)
}
