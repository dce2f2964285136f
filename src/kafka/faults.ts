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

/** Why a member crashed. `refused` is an error from the brokers that does not pass by itself. */
export type CrashKind = 'unreachable' | 'churn' | 'refused'

/** How to fix protocol errors that do not pass by themselves. */
const remedies: Readonly<Record<string, string>> = {
  INVALID_RECORD:
    'the topic refuses this record: with cleanup.policy=compact it refuses messages without a key; set cleanup.policy=delete',
  UNKNOWN_TOPIC_OR_PARTITION:
    'the topic does not exist, or this client may not describe it: create it, or allow Describe',
  TOPIC_AUTHORIZATION_FAILED:
    'this client may not use the topic: allow it Read on the topic and Write on the dead-letter topic',
  GROUP_AUTHORIZATION_FAILED: 'this client may not use the consumer group: allow it Read on the group',
  CLUSTER_AUTHORIZATION_FAILED: 'this client may not use the cluster: see the ACLs of the brokers',
  SASL_AUTHENTICATION_FAILED: 'wrong user or password: see KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD',
  UNSUPPORTED_SASL_MECHANISM: 'the brokers do not support this mechanism: see KAFKA_SASL_MECHANISM',
  ILLEGAL_SASL_STATE: 'the port does not support SASL: see KAFKA_SASL_MECHANISM, and the port in KAFKA_BROKER_SERVERS',
  INCONSISTENT_GROUP_PROTOCOL: 'the group has a different kind of consumer: stop it, or set another KAFKA_GROUP_ID',
  INVALID_SESSION_TIMEOUT: 'the brokers do not allow this session timeout: see KAFKA_SESSION_TIMEOUT_MS',
}

const tooLarge = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE'])

// The brokers cannot be reached, or there is no leader or coordinator at the moment. Retried forever.
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

// A broker that stops does this, but so does a port that expects TLS or SASL.
const isCutOff = ({ name, code }: KafkaError): boolean =>
  name === 'KafkaJSConnectionClosedError' || (name === 'KafkaJSConnectionError' && code === 'ECONNRESET')

const cutOff = 'if this lasts, check that the port in KAFKA_BROKER_SERVERS matches KAFKA_TLS and KAFKA_SASL_MECHANISM'

/** The innermost of the client's errors, because it wraps errors after its retries. */
const innermost = (error: KafkaError): KafkaError => (isKafkaError(error.cause) ? innermost(error.cause) : error)

// The client's only plain error (2.2.4, broker/index.js): after an outage a request uses a connection that another request
// is still opening.
const isNotReady = (error: unknown): boolean => error instanceof Error && error.message === 'Broker not connected'

/** Whether the brokers cannot be reached, as opposed to an error from them. */
export const isUnreachable = (error: unknown): boolean => {
  if (isNotReady(error)) return true
  if (!isKafkaError(error)) return false
  const { name, type = '' } = innermost(error)
  return unreachable.has(name) || unreachable.has(type)
}

/** A hint for a broker that cannot be reached at an address that the brokers advertise. */
export const advertisedHint = (error: unknown, brokers: readonly string[]): string => {
  if (!isKafkaError(error)) return ''
  const { broker } = innermost(error)
  return broker === undefined || brokers.includes(broker)
    ? ''
    : `; the brokers advertise ${broker}, which this worker cannot reach, while KAFKA_BROKER_SERVERS is ` +
        `${brokers.join(',')}: see advertised.listeners of the brokers`
}

// The group rebalances while this member joins, and the client gives up after a few attempts.
const churn = new Set(['REBALANCE_IN_PROGRESS', 'ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID', 'MEMBER_ID_REQUIRED'])

/** The kind of a member's crash. */
export const crashKindOf = (error: unknown): CrashKind => {
  if (isUnreachable(error)) return 'unreachable'
  return churn.has(typeOf(error)) ? 'churn' : 'refused'
}

const typeOf = (error: unknown): string => (isKafkaError(error) ? (innermost(error).type ?? '') : '')

export const isUnknownTopic = (error: unknown): boolean => typeOf(error) === 'UNKNOWN_TOPIC_OR_PARTITION'

const forbidden = new Set(['TOPIC_AUTHORIZATION_FAILED', 'CLUSTER_AUTHORIZATION_FAILED'])

export const isForbidden = (error: unknown): boolean => forbidden.has(typeOf(error))

const ofTopic = new Set(['UNKNOWN_TOPIC_OR_PARTITION', 'TOPIC_AUTHORIZATION_FAILED', 'LEADER_NOT_AVAILABLE'])

/** Whether a partition of the topic has no leader (see metadata.ts). The topic exists, and other partitions may have one. */
export const isWithoutLeader = (error: unknown): boolean =>
  isKafkaError(error) && innermost(error).message.startsWith('Broker -1 not found')

/** Whether it is an error about the topic, which means that the brokers were reached. */
export const isOfTopic = (error: unknown): boolean => ofTopic.has(typeOf(error)) || isWithoutLeader(error)

/**
 * Turns the client's errors into ours. Only this function reads them. Any other error is a bug and returned unchanged.
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
