import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import kafkajs from 'kafkajs'
import { Fault, InvalidRequest } from '../../src/model/faults.ts'
import { advertisedHint, faultOf, isOfTopic, isUnreachable, isWithoutLeader } from '../../src/kafka/faults.ts'

const protocolError = (type: string): Error =>
  new kafkajs.KafkaJSProtocolError(Object.assign(new Error(`the broker says ${type}`), { type }))

/** The error when the client gives up: the error that it retried is the cause. */
const afterRetries = (error: Error): Error =>
  new kafkajs.KafkaJSNumberOfRetriesExceeded(error, { retryCount: 5, retryTime: 1000 })

const connection = new kafkajs.KafkaJSConnectionError('connect ECONNREFUSED 127.0.0.1:9092', {
  broker: '127.0.0.1:9092',
})
const overTls = (code: string, message: string): Error =>
  new kafkajs.KafkaJSConnectionError(`Connection error: ${message}`, { broker: 'kafka-1:9093', code })
const untrusted = overTls('SELF_SIGNED_CERT_IN_CHAIN', 'self-signed certificate in certificate chain')
// The client's types omit this error.
const closed = Object.assign(new Error('Closed connection'), { name: 'KafkaJSConnectionClosedError' })
const reset = overTls('ECONNRESET', 'Client network socket disconnected before secure TLS connection was established')
// The client's types omit the message parameter.
const authentication = Reflect.construct(kafkajs.KafkaJSSASLAuthenticationError, ['SASL PLAIN failed']) as Error

/** The kind of fault, and its text or a part of it. */
type Case = [name: string, error: Error, kind: Fault['kind'], says: string, unreachable: boolean]

const cases: Case[] = [
  ['a compacted topic', protocolError('INVALID_RECORD'), 'misconfigured', 'set cleanup.policy=delete', false],
  ['a refused connection', connection, 'transient', 'ECONNREFUSED 127.0.0.1:9092', true],
  ['the same after retries', afterRetries(connection), 'transient', 'ECONNREFUSED', true],
  ['the same after retries of retries', afterRetries(afterRetries(connection)), 'transient', 'ECONNREFUSED', true],
  ['a partition between leaders', protocolError('NOT_LEADER_FOR_PARTITION'), 'transient', 'NOT_LEADER', true],
  ['a group between coordinators', protocolError('NOT_COORDINATOR_FOR_GROUP'), 'transient', 'NOT_COORDINATOR', true],
  ['a rebalance', protocolError('REBALANCE_IN_PROGRESS'), 'transient', 'REBALANCE_IN_PROGRESS', false],
  ['a past generation', protocolError('ILLEGAL_GENERATION'), 'transient', 'ILLEGAL_GENERATION', false],
  ['too few replicas in sync', protocolError('NOT_ENOUGH_REPLICAS'), 'transient', 'NOT_ENOUGH_REPLICAS', false],
  ['a missing topic', protocolError('UNKNOWN_TOPIC_OR_PARTITION'), 'misconfigured', 'create it', false],
  [
    'a topic without the permission to read',
    protocolError('TOPIC_AUTHORIZATION_FAILED'),
    'misconfigured',
    'allow it Read',
    false,
  ],
  [
    'a group without the permission to join',
    protocolError('GROUP_AUTHORIZATION_FAILED'),
    'misconfigured',
    'the group',
    false,
  ],
  [
    'a login where none is accepted',
    protocolError('ILLEGAL_SASL_STATE'),
    'misconfigured',
    'KAFKA_SASL_MECHANISM',
    false,
  ],
  ['a certificate not trusted', untrusted, 'misconfigured', 'TLS to kafka-1:9093 fails: self', true],
  ['the same, with the setting to check', afterRetries(untrusted), 'misconfigured', 'see KAFKA_TLS_CA_FILE', true],
  ['a connection that the broker closes', closed, 'transient', 'KAFKA_TLS and KAFKA_SASL_MECHANISM', true],
  ['a connection cut before TLS begins', afterRetries(reset), 'transient', 'KAFKA_TLS and KAFKA_SASL_MECHANISM', true],
  ['a refused password', authentication, 'misconfigured', 'KAFKA_SASL_PASSWORD', false],
  ['a refused password after retries', afterRetries(authentication), 'misconfigured', 'KAFKA_SASL_PASSWORD', false],
]

describe('an error of the Kafka client', () => {
  for (const [name, error, kind, says, unreachable] of cases) {
    test(`that is ${name} is ${kind}${unreachable ? ': no broker answers' : ''}`, () => {
      const fault = faultOf(error)
      assert.ok(fault instanceof Fault)
      assert.equal(fault.kind, kind)
      assert.ok(fault.message.includes(says), fault.message)
      assert.equal(fault.cause, error)
      assert.equal(isUnreachable(error), unreachable)
    })
  }

  for (const type of ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE']) {
    test(`that is ${type} is caused by the message`, () => {
      for (const error of [protocolError(type), afterRetries(protocolError(type))]) {
        const refusal = faultOf(error)
        assert.ok(refusal instanceof InvalidRequest)
        assert.equal(refusal.message, 'larger than the topic allows')
      }
    })
  }

  test('is distinguished from a bug of ours, which is returned unchanged', () => {
    for (const bug of [new TypeError('x is not a function'), 'text', undefined]) {
      assert.equal(faultOf(bug), bug)
      assert.equal(isUnreachable(bug), false)
    }
  })
})

describe('a broker that cannot be reached', () => {
  test('is reported with both addresses if the brokers advertise it and it is not configured', () => {
    assert.equal(
      advertisedHint(afterRetries(connection), ['kafka-1:9092', 'kafka-2:9092']),
      '; the brokers advertise 127.0.0.1:9092, which this worker cannot reach, while KAFKA_BROKER_SERVERS is ' +
        'kafka-1:9092,kafka-2:9092: see advertised.listeners of the brokers',
    )
  })

  test('is reported without a hint if it is configured, or for other errors', () => {
    assert.equal(advertisedHint(connection, ['127.0.0.1:9092']), '')
    assert.equal(advertisedHint(protocolError('NOT_LEADER_FOR_PARTITION'), ['127.0.0.1:9092']), '')
    assert.equal(advertisedHint(new Error('a bug'), ['127.0.0.1:9092']), '')
  })
})

describe('a topic of which a partition has no leader', () => {
  // The client looks up the broker whose number means "no leader". Its types omit this error.
  const notFound = (broker: number): Error =>
    Object.assign(new kafkajs.KafkaJSError(`Broker ${broker} not found in the cached metadata`), {
      name: 'KafkaJSBrokerNotFound',
    })

  for (const [error, expected] of [
    [notFound(-1), true],
    [afterRetries(notFound(-1)), true],
    [notFound(3), false],
    [connection, false],
  ] as const) {
    test(`is ${expected ? '' : 'not '}what "${error.message}" means; the brokers have answered`, () => {
      assert.deepEqual([isWithoutLeader(error), isOfTopic(error)], [expected, expected])
    })
  }
})
