import { type ConfigFault } from './config-error.ts'
import { type Current } from './define.ts'
import { keyPairFault } from './key-pair.ts'
import { type InForce, mask, quoted } from './read.ts'
import { type Settings } from './settings.ts'
import { type Tls } from './tls-settings.ts'

/** A rule about several settings. */
interface Rule {
  /** The variables of the rule; the first one gets the fault. */
  readonly of: readonly [string, ...string[]]
  readonly broken: (settings: Settings) => boolean
  readonly accepts: string
}

const isHalf = (a: unknown, b: unknown): boolean => (a === undefined) !== (b === undefined)

type Prefix = 'KAFKA' | 'CASSANDRA'

const tlsOf = ({ kafka, cassandra }: Settings, prefix: Prefix): Tls => (prefix === 'KAFKA' ? kafka : cassandra).tls

/** Without TLS the file would be ignored, and connections would be plain text. */
const onlyWithTls = (prefix: Prefix, file: 'ca' | 'cert' | 'key'): Rule => ({
  of: [`${prefix}_TLS_${file.toUpperCase()}_FILE`, `${prefix}_TLS`],
  broken: settings => !tlsOf(settings, prefix).enabled && tlsOf(settings, prefix)[file] !== undefined,
  accepts: `a file only with ${prefix}_TLS=true`,
})

const wholePair = (prefix: Prefix): Rule => ({
  of: [`${prefix}_TLS_CERT_FILE`, `${prefix}_TLS_KEY_FILE`],
  broken: settings => isHalf(tlsOf(settings, prefix).cert, tlsOf(settings, prefix).key),
  accepts: 'both or neither',
})

const onlyWithSasl = (part: 'username' | 'password'): Rule => ({
  of: ['KAFKA_SASL_MECHANISM', `KAFKA_SASL_${part.toUpperCase()}`],
  broken: ({ kafka: { sasl } }) => (sasl.mechanism === 'none') !== (sasl[part] === undefined),
  accepts: 'a mechanism with user and password, or none without them',
})

const rules: readonly Rule[] = [
  {
    of: ['KAFKA_OUTPUT_FAILED_TOPIC', 'KAFKA_INPUT_TOPIC'],
    broken: ({ kafka }) => kafka.deadLetterTopic === kafka.topic,
    accepts: 'a topic other than the input topic, or dead letters would be read again forever',
  },
  {
    of: ['KAFKA_HEARTBEAT_INTERVAL_MS', 'KAFKA_SESSION_TIMEOUT_MS'],
    broken: ({ kafka }) => kafka.heartbeatIntervalMs >= kafka.sessionTimeoutMs,
    accepts: 'less than the session timeout, preferably a third of it',
  },
  {
    of: ['RETRY_FIRST_DELAY_MS', 'RETRY_MAX_DELAY_MS'],
    broken: ({ pipeline: { backoff } }) => backoff.firstMs > backoff.capMs,
    accepts: 'at most the longest delay',
  },
  {
    of: ['STALL_TIMEOUT_MS', 'CASSANDRA_REQUEST_TIMEOUT_MS'],
    broken: ({ probes, cassandra }) => probes.stallMs <= cassandra.requestTimeoutMs,
    accepts: 'more than the request timeout, or a slow database looks like a worker that hangs',
  },
  onlyWithSasl('username'),
  onlyWithSasl('password'),
  ...(['ca', 'cert', 'key'] as const).map(file => onlyWithTls('KAFKA', file)),
  wholePair('KAFKA'),
  {
    of: ['CASSANDRA_USERNAME', 'CASSANDRA_PASSWORD'],
    broken: ({ cassandra: { login } }) => isHalf(login.username, login.password),
    accepts: 'both or neither',
  },
  ...(['ca', 'cert', 'key'] as const).map(file => onlyWithTls('CASSANDRA', file)),
  wholePair('CASSANDRA'),
]

const holds = (shown: string): string => (shown === '' ? 'nothing' : shown === mask ? mask : quoted(shown))

const pairFault = (
  prefix: Prefix,
  cert: Current | undefined,
  key: Current | undefined,
  shown: (variable: string) => string,
): ConfigFault[] => {
  const fault = cert === undefined || key === undefined ? undefined : keyPairFault(cert(), key())
  if (fault === undefined) return []
  const variable = `${prefix}_TLS_${fault.of.toUpperCase()}_FILE`
  return [
    {
      variable,
      holds: `${shown(variable)}, which ${fault.why}`,
      accepts:
        fault.of === 'cert'
          ? 'the path of a certificate in PEM format'
          : `the path of the private key of ${prefix}_TLS_CERT_FILE, in PEM format and not encrypted`,
    },
  ]
}

/** The faults of rules. A rule is checked only if its settings are valid. */
export const brokenRules = (
  settings: Settings,
  inForce: readonly InForce[],
  faults: readonly ConfigFault[],
): ConfigFault[] => {
  const found = new Map(inForce.map(entry => [entry.setting, entry]))
  const atFault = new Set(faults.map(({ variable }) => variable))
  const shown = (name: string): string => holds(found.get(name)?.shown ?? '')
  const isAsked = ({ of }: Rule): boolean => of.every(name => !atFault.has(found.get(name)?.variable ?? name))
  const broken = rules
    .filter(rule => isAsked(rule) && rule.broken(settings))
    .map(({ of: [first, ...others], accepts }) => {
      const against = others.map(name => `${name} holds ${shown(name)}`).join(' and ')
      return { variable: first, holds: `${shown(first)} while ${against}`, accepts }
    })
  const pairs = (['KAFKA', 'CASSANDRA'] as const).flatMap(prefix => {
    const { cert, key } = tlsOf(settings, prefix)
    return pairFault(prefix, cert, key, shown)
  })
  return [...broken, ...pairs]
}
