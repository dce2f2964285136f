import { Fault, InvalidRequest } from '../model/faults.ts'
import { tlsFailure, type TlsSettings } from '../net/tls-failure.ts'

interface KafkaError {
  readonly name: string
  readonly message: string
  readonly type?: string
  readonly code?: unknown
  readonly broker?: string
  readonly cause?: unknown
}

const isKafkaError = (error: unknown): error is KafkaError => error instanceof Error && error.name.startsWith('KafkaJS')

/** Why a member crashed: `refused` is an answer of the brokers that does not pass by itself. */
export type CrashKind = 'unreachable' | 'churn' | 'refused'

/** What an operator does about a protocol error that does not pass by itself. */
const remedies: Readonly<Record<string, string>> = {
  INVALID_RECORD:
    'the topic does not take this record: with cleanup.policy=compact it refuses messages without a key; set cleanup.policy=delete',
  UNKNOWN_TOPIC_OR_PARTITION: 'the topic does not exist, or this client may not see it: create it, or allow Describe',
  TOPIC_AUTHORIZATION_FAILED:
    'this client may not use the topic: allow it Read on the topic and Write on the dead-letter topic',
  GROUP_AUTHORIZATION_FAILED: 'this client may not use the consumer group: allow it Read on the group',
  CLUSTER_AUTHORIZATION_FAILED: 'this client may not use the cluster: see the authorizer of the brokers',
  SASL_AUTHENTICATION_FAILED: 'user or password is refused: see KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD',
  UNSUPPORTED_SASL_MECHANISM: 'the brokers do not offer this mechanism: see KAFKA_SASL_MECHANISM',
  ILLEGAL_SASL_STATE: 'the port takes no login: see KAFKA_SASL_MECHANISM, and the port in KAFKA_BROKER_SERVERS',
  INCONSISTENT_GROUP_PROTOCOL: 'another kind of consumer is in this group: stop it, or set another KAFKA_GROUP_ID',
  INVALID_SESSION_TIMEOUT: 'the brokers do not allow this session timeout: see KAFKA_SESSION_TIMEOUT_MS',
}

const tooLarge = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE'])

// Brokers that cannot be reached, or have no leader or coordinator at the moment: waited out however long it takes.
const unreachable = new Set([
  'KafkaJSConnectionError',
  'KafkaJSConnectionClosedError',
  'KafkaJSRequestTimeoutError',
  'KafkaJSNoBrokerAvailableError',
  'KafkaJSBrokerNotFound',
  'KafkaJSMetadataNotLoaded',
  'KafkaJSTopicMetadataNotLoaded',
  'KafkaJSGroupCoordinatorNotFound',
  'KafkaJSLockTimeout',
  'KafkaJSTimeout',
  'LEADER_NOT_AVAILABLE',
  'BROKER_NOT_AVAILABLE',
  'NETWORK_EXCEPTION',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'GROUP_LOAD_IN_PROGRESS',
  'NOT_COORDINATOR_FOR_GROUP',
  'NOT_LEADER_FOR_PARTITION',
])

const settings: TlsSettings = { prefix: 'KAFKA', hosts: 'KAFKA_BROKER_SERVERS' }

// So ends a broker, but so does also a port answer that is for TLS, or for logins, when it hears something else.
const isCutOff = ({ name, code }: KafkaError): boolean =>
  name === 'KafkaJSConnectionClosedError' || (name === 'KafkaJSConnectionError' && code === 'ECONNRESET')

const cutOff =
  'if this lasts, see whether the port in KAFKA_BROKER_SERVERS is for KAFKA_TLS and KAFKA_SASL_MECHANISM as set'

/** The innermost error of the client's: it wraps what exceeded its retries. */
const innermost = (error: KafkaError): KafkaError => (isKafkaError(error.cause) ? innermost(error.cause) : error)

// The one plain error of the client's (2.2.4, broker/index.js): after an outage a request finds the connection open that
// another one is still opening.
const isNotReady = (error: unknown): boolean => error instanceof Error && error.message === 'Broker not connected'

/** Whether the brokers cannot be reached, as opposed to answering with an error. */
export const isUnreachable = (error: unknown): boolean => {
  if (isNotReady(error)) return true
  if (!isKafkaError(error)) return false
  const { name, type = '' } = innermost(error)
  return unreachable.has(name) || unreachable.has(type)
}

/** What to say when a broker cannot be reached under an address that only the brokers themselves have given. */
export const advertisedHint = (error: unknown, brokers: readonly string[]): string => {
  if (!isKafkaError(error)) return ''
  const { broker } = innermost(error)
  return broker === undefined || brokers.includes(broker)
    ? ''
    : `; the brokers advertise ${broker}, which this worker cannot reach, while KAFKA_BROKER_SERVERS is ` +
        `${brokers.join(',')}: see advertised.listeners of the brokers`
}

// The group changes while this member joins it; the client gives up after a few tries.
const churn = new Set(['REBALANCE_IN_PROGRESS', 'ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID', 'MEMBER_ID_REQUIRED'])

/** What a crash of a member says of the brokers and the group. */
export const crashKindOf = (error: unknown): CrashKind => {
  if (isUnreachable(error)) return 'unreachable'
  return churn.has(typeOf(error)) ? 'churn' : 'refused'
}

const typeOf = (error: unknown): string => (isKafkaError(error) ? (innermost(error).type ?? '') : '')

export const isUnknownTopic = (error: unknown): boolean => typeOf(error) === 'UNKNOWN_TOPIC_OR_PARTITION'

const forbidden = new Set(['TOPIC_AUTHORIZATION_FAILED', 'CLUSTER_AUTHORIZATION_FAILED'])

export const isForbidden = (error: unknown): boolean => forbidden.has(typeOf(error))

const ofTopic = new Set(['UNKNOWN_TOPIC_OR_PARTITION', 'TOPIC_AUTHORIZATION_FAILED', 'LEADER_NOT_AVAILABLE'])

/** Whether it is an answer about the topic asked for: whoever got it has reached the brokers. */
export const isOfTopic = (error: unknown): boolean => ofTopic.has(typeOf(error))

/**
 * The client's errors as ours. This is the only place that reads them; what is not an error of the client's is a bug
 * and given back as it is.
 */
export const faultOf = (error: unknown): unknown => {
  if (isNotReady(error)) return new Fault('transient', 'the connection is not open yet', error)
  if (!isKafkaError(error)) return error
  const inner = innermost(error)
  const { name, type = '', message } = inner
  if (tooLarge.has(type)) return new InvalidRequest('larger than the topic allows', error)
  if (name === 'KafkaJSSASLAuthenticationError') {
    return new Fault('misconfigured', `${remedies['SASL_AUTHENTICATION_FAILED'] ?? ''} (${message})`, error)
  }
  const remedy = remedies[type]
  if (remedy !== undefined) return new Fault('misconfigured', remedy, error)
  const failure =
    name === 'KafkaJSConnectionError'
      ? tlsFailure({ ...inner, message: message.replace('Connection error: ', '') }, settings)
      : undefined
  if (failure !== undefined) {
    return new Fault('misconfigured', `TLS to ${inner.broker ?? 'a broker'} fails: ${failure}`, error)
  }
  return new Fault('transient', isCutOff(inner) ? `${message}; ${cutOff}` : message, error)
}
