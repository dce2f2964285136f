import { type ConfigFault } from './config-error.ts'
import { type InForce, mask, quoted } from './read.ts'
import { type SettingValues, type Variable } from './settings.ts'

/** What holds between settings, and in which of them it shows. */
interface Rule {
  readonly of: readonly [Variable, ...Variable[]]
  readonly broken: (values: SettingValues) => boolean
  readonly accepts: string
}

/** Both or neither. */
const together = (a: 'KAFKA_TLS_CERT_FILE' | 'CASSANDRA_USERNAME' | 'CASSANDRA_TLS_CERT_FILE', b: Variable): Rule => ({
  of: [a, b],
  broken: values => (values[a] === undefined) !== (values[b] === undefined),
  accepts: 'both or neither',
})

/** A file that would silently not be used, while everything travels in the clear. */
const onlyWithTls = (tls: 'KAFKA_TLS' | 'CASSANDRA_TLS', file: Variable): Rule => ({
  of: [file, tls],
  broken: values => !values[tls] && values[file] !== undefined,
  accepts: `a file only together with ${tls}=true`,
})

const onlyWithSasl = (variable: 'KAFKA_SASL_USERNAME' | 'KAFKA_SASL_PASSWORD'): Rule => ({
  of: ['KAFKA_SASL_MECHANISM', variable],
  broken: values => (values.KAFKA_SASL_MECHANISM === 'none') !== (values[variable] === undefined),
  accepts: 'a mechanism with a user name and a password, or none without either',
})

const rules: readonly Rule[] = [
  {
    of: ['KAFKA_OUTPUT_FAILED_TOPIC', 'KAFKA_INPUT_TOPIC'],
    broken: values => values.KAFKA_OUTPUT_FAILED_TOPIC === values.KAFKA_INPUT_TOPIC,
    accepts: 'another topic than the one that is read, or dead letters would be read again for ever',
  },
  {
    of: ['KAFKA_HEARTBEAT_INTERVAL_MS', 'KAFKA_SESSION_TIMEOUT_MS'],
    broken: values => values.KAFKA_HEARTBEAT_INTERVAL_MS >= values.KAFKA_SESSION_TIMEOUT_MS,
    accepts: 'less than the session timeout, better a third of it',
  },
  {
    of: ['RETRY_FIRST_DELAY_MS', 'RETRY_MAX_DELAY_MS'],
    broken: values => values.RETRY_FIRST_DELAY_MS > values.RETRY_MAX_DELAY_MS,
    accepts: 'at most the longest delay',
  },
  {
    of: ['STALL_TIMEOUT_MS', 'CASSANDRA_REQUEST_TIMEOUT_MS'],
    broken: values => values.STALL_TIMEOUT_MS <= values.CASSANDRA_REQUEST_TIMEOUT_MS,
    accepts: 'more than one request may take, or a slow database counts as a worker that hangs',
  },
  onlyWithSasl('KAFKA_SASL_USERNAME'),
  onlyWithSasl('KAFKA_SASL_PASSWORD'),
  onlyWithTls('KAFKA_TLS', 'KAFKA_TLS_CA_FILE'),
  onlyWithTls('KAFKA_TLS', 'KAFKA_TLS_CERT_FILE'),
  onlyWithTls('KAFKA_TLS', 'KAFKA_TLS_KEY_FILE'),
  together('KAFKA_TLS_CERT_FILE', 'KAFKA_TLS_KEY_FILE'),
  together('CASSANDRA_USERNAME', 'CASSANDRA_PASSWORD'),
  onlyWithTls('CASSANDRA_TLS', 'CASSANDRA_TLS_CA_FILE'),
  onlyWithTls('CASSANDRA_TLS', 'CASSANDRA_TLS_CERT_FILE'),
  onlyWithTls('CASSANDRA_TLS', 'CASSANDRA_TLS_KEY_FILE'),
  together('CASSANDRA_TLS_CERT_FILE', 'CASSANDRA_TLS_KEY_FILE'),
]

const holds = (shown: string): string => (shown === '' ? 'nothing' : shown === mask ? mask : quoted(shown))

/** Faults between settings; a rule is asked only when the settings that it is about are without fault themselves. */
export const brokenRules = (
  values: Partial<SettingValues>,
  inForce: readonly InForce[],
  faults: readonly ConfigFault[],
): ConfigFault[] => {
  const shown = new Map(inForce.map(entry => [entry.setting, entry]))
  const atFault = new Set(faults.map(({ variable }) => variable))
  const isAsked = ({ of }: Rule): boolean => of.every(name => !atFault.has(shown.get(name)?.variable ?? name))
  return rules
    .filter(rule => isAsked(rule) && rule.broken(values as SettingValues))
    .map(({ of: [first, ...others], accepts }) => {
      const against = others.map(name => `${name} holds ${holds(shown.get(name)?.shown ?? '')}`).join(' and ')
      return { variable: first, holds: `${holds(shown.get(first)?.shown ?? '')} while ${against}`, accepts }
    })
}
