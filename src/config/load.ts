import { type StreamDefaults } from '../stream/definition.ts'
import { ConfigError } from './config-error.ts'
import { misspelt } from './misspelt.ts'
import { type Environment, type InForce, type ReadFile, readSettings } from './read.ts'
import { brokenRules } from './rules.ts'
import { definition, type SettingValues } from './settings.ts'
import { type Tls } from './tls.ts'

export interface Login {
  readonly username: string
  readonly password: string
}

// Half a login is a fault of its own before this is asked.
const login = (username = '', password = ''): Login => ({ username, password })

const kafka = (v: SettingValues) => ({
  brokers: v.KAFKA_BROKER_SERVERS,
  clientId: v.KAFKA_CLIENT_ID,
  topic: v.KAFKA_INPUT_TOPIC,
  groupId: v.KAFKA_GROUP_ID,
  deadLetterTopic: v.KAFKA_OUTPUT_FAILED_TOPIC,
  offsetReset: v.KAFKA_AUTO_OFFSET_RESET,
  sessionTimeoutMs: v.KAFKA_SESSION_TIMEOUT_MS,
  heartbeatIntervalMs: v.KAFKA_HEARTBEAT_INTERVAL_MS,
  fetchMaxBytesPerPartition: v.KAFKA_FETCH_MAX_BYTES_PER_PARTITION,
  maxRestarts: v.KAFKA_MAX_RESTARTS,
  tls: v.KAFKA_TLS
    ? ({ ca: v.KAFKA_TLS_CA_FILE, cert: v.KAFKA_TLS_CERT_FILE, key: v.KAFKA_TLS_KEY_FILE } satisfies Tls)
    : undefined,
  sasl:
    v.KAFKA_SASL_MECHANISM === 'none'
      ? undefined
      : { mechanism: v.KAFKA_SASL_MECHANISM, ...login(v.KAFKA_SASL_USERNAME, v.KAFKA_SASL_PASSWORD) },
})

const cassandra = (v: SettingValues) => ({
  hosts: v.ML_CASSANDRA_HOST,
  port: v.ML_CASSANDRA_PORT,
  localDatacenter: v.CASSANDRA_LOCAL_DATACENTER,
  keyspace: v.ML_CASSANDRA_KEYSPACE,
  table: v.ML_CASSANDRA_TABLE,
  consistency: v.CASSANDRA_CONSISTENCY,
  requestTimeoutMs: v.CASSANDRA_REQUEST_TIMEOUT_MS,
  tls: v.CASSANDRA_TLS
    ? ({ ca: v.CASSANDRA_TLS_CA_FILE, cert: v.CASSANDRA_TLS_CERT_FILE, key: v.CASSANDRA_TLS_KEY_FILE } satisfies Tls)
    : undefined,
  login: v.CASSANDRA_USERNAME === undefined ? undefined : login(v.CASSANDRA_USERNAME, v.CASSANDRA_PASSWORD),
})

const pipeline = (v: SettingValues) => ({
  writeOrder: v.CASSANDRA_WRITE_TIMESTAMP,
  inFlight: { records: v.MAX_IN_FLIGHT_RECORDS, bytes: v.MAX_IN_FLIGHT_BYTES },
  windowMs: v.BATCH_WINDOW_MS,
  batch: { rows: v.BATCH_MAX_ROWS, bytes: v.BATCH_MAX_BYTES },
  writeConcurrency: v.WRITE_CONCURRENCY,
  commitIntervalMs: v.COMMIT_INTERVAL_MS,
  backoff: { firstMs: v.RETRY_FIRST_DELAY_MS, capMs: v.RETRY_MAX_DELAY_MS },
})

/** The settings as the engine uses them. */
const grouped = (v: SettingValues) => ({
  env: v.ENV,
  kafka: kafka(v),
  cassandra: cassandra(v),
  pipeline: pipeline(v),
  shutdownTimeoutMs: v.SHUTDOWN_TIMEOUT_MS,
  http: { host: v.HTTP_HOST, port: v.HTTP_PORT },
  probes: { intervalMs: v.PROBE_INTERVAL_MS, stallMs: v.STALL_TIMEOUT_MS },
  log: { level: v.LOG_LEVEL, format: v.LOG_FORMAT, rateIntervalMs: v.LOG_RATE_INTERVAL_MS },
})

type Frozen<T> = T extends object ? { readonly [K in keyof T]: Frozen<T[K]> } : T

export type Settings = Frozen<ReturnType<typeof grouped>>
export type KafkaSettings = Settings['kafka']
export type CassandraSettings = Settings['cassandra']

export interface Configuration {
  readonly settings: Settings
  /** Every setting as it may be shown: secrets are masked. */
  readonly inForce: readonly InForce[]
  /** Sentences about variables that look like settings and are none. */
  readonly warnings: readonly string[]
}

const freeze = <T extends object>(value: T): T => {
  for (const inner of Object.values<unknown>(value as Record<string, unknown>)) {
    if (typeof inner === 'object' && inner !== null) freeze(inner)
  }
  return Object.freeze(value)
}

/**
 * The configuration of a worker for this stream.
 *
 * @throws ConfigError with all faults at once.
 */
export const loadSettings = (
  env: Environment,
  stream: { readonly defaults: StreamDefaults },
  readFile: ReadFile,
): Configuration => {
  const settings = definition(stream.defaults)
  const { values, inForce, faults } = readSettings(settings, env, readFile)
  const names = Object.entries(settings).flatMap(([name, { kind }]) =>
    kind === 'secret' ? [name, `${name}_FILE`] : [name],
  )
  const warnings = misspelt(env, names)
  const all = [...faults, ...brokenRules(values, inForce, faults)]
  if (all.length > 0) throw new ConfigError(all, warnings)
  return { settings: freeze(grouped(values as SettingValues)), inForce, warnings }
}
