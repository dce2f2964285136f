import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { errors } from 'cassandra-driver'
import { faultOf } from '../../src/cassandra/faults.ts'
import { Fault, InvalidRequest } from '../../src/model/faults.ts'

const response = (code: number, message = 'the server says so'): Error => new errors.ResponseError(code, message)

const noHost = (inner: Record<string, Error>): Error => new errors.NoHostAvailableError(inner)

const tlsError = Object.assign(new Error('self-signed certificate'), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })

type Case = [name: string, error: Error, kind: Fault['kind'], says: string]

const cases: Case[] = [
  ['an error of the server itself', response(0x0000), 'transient', 'internal error of the server (0x0)'],
  ['too few replicas alive', response(0x1000), 'transient', 'not enough replicas are alive (0x1000)'],
  ['an overloaded server', response(0x1001), 'transient', 'overloaded'],
  ['a server that starts', response(0x1002), 'transient', 'starting'],
  ['a write timeout', response(0x1100), 'transient', 'not enough replicas answered in time'],
  ['a read timeout', response(0x1200), 'transient', 'not enough replicas answered in time'],
  ['a replica that failed to write', response(0x1500), 'transient', 'failed to write'],
  ['a statement that must be prepared again', response(0x2500), 'transient', 'prepared'],
  ['a refused password', response(0x0100), 'misconfigured', 'CASSANDRA_PASSWORD'],
  ['a statement that it does not understand', response(0x2000), 'misconfigured', 'check the version'],
  ['a missing permission', response(0x2100), 'misconfigured', 'GRANT SELECT and MODIFY'],
  ['a configuration error of the server', response(0x2300), 'misconfigured', 'configuration error'],
  [
    'a refused password, found by the driver',
    new errors.AuthenticationError('no'),
    'misconfigured',
    'CASSANDRA_PASSWORD',
  ],
  ['a wrong contact point', new errors.ArgumentError('no such data centre'), 'misconfigured', 'no such data centre'],
  ['no answer in time', new errors.OperationTimedOutError('12 s', '127.0.0.1:9042'), 'transient', '12 s'],
  ['a busy connection', new errors.BusyConnectionError('127.0.0.1:9042', 2048, 1), 'transient', 'busy'],
  ['no host at all', noHost({}), 'transient', 'no node answers'],
  [
    'no host that answers',
    noHost({ '127.0.0.1:9042': new Error('connect ECONNREFUSED') }),
    'transient',
    'no node answers (127.0.0.1:9042: connect ECONNREFUSED)',
  ],
  [
    'no host that accepts the password',
    noHost({ 'a:9042': new Error('connect ECONNREFUSED'), 'b:9042': new errors.AuthenticationError('no') }),
    'misconfigured',
    'CASSANDRA_PASSWORD',
  ],
  [
    'no host that reaches enough replicas',
    noHost({ 'a:9042': new Error('connect ECONNREFUSED'), 'b:9042': response(0x1000) }),
    'transient',
    'not enough replicas are alive (0x1000)',
  ],
  ['no host whose certificate is trusted', noHost({ 'a:9042': tlsError }), 'misconfigured', 'TLS to a:9042 fails'],
  ['the same, with the setting to check', noHost({ 'a:9042': tlsError }), 'misconfigured', 'see CASSANDRA_TLS_CA_FILE'],
  [
    'a connection closed by a node, as by one that accepts only TLS',
    noHost({ 'a:9042': Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }) }),
    'transient',
    'no node answers (a:9042: read ECONNRESET); if this lasts, see CASSANDRA_TLS',
  ],
]

describe('an error of the Cassandra driver', () => {
  for (const [name, error, kind, says] of cases) {
    test(`that is ${name} is ${kind}`, () => {
      const fault = faultOf(error)
      assert.ok(fault instanceof Fault)
      assert.equal(fault.kind, kind)
      assert.ok(fault.message.includes(says), fault.message)
    })
  }

  test('that is an invalid request may be caused by a row', () => {
    const refusal = faultOf(response(0x2200, 'Key length of 70000 is longer than maximum of 65535'))
    assert.ok(refusal instanceof InvalidRequest)
    assert.equal(refusal.message, 'Key length of 70000 is longer than maximum of 65535')
  })

  test('is reported without quoted text, which might be content, and truncated', () => {
    const refusal = faultOf(
      response(0x2200, `Cannot index value of size 70000 for "Priya's" or 'Sharma' ${'y'.repeat(500)}`),
    )
    assert.ok(refusal instanceof InvalidRequest)
    assert.match(refusal.message, /^Cannot index value of size 70000 for \.\.\. or \.\.\. y+$/)
    assert.equal(refusal.message.length, 200)
  })

  test('is not shown if its text may contain values', () => {
    const refusal = faultOf(response(0x2200, 'cannot parse Sharma'))
    assert.ok(refusal instanceof InvalidRequest)
    assert.match(refusal.message, /its message is not shown/)
  })

  const guardrails = [
    'Guardrail replica_disk_usage violated: Write request failed because disk usage exceeds failure threshold',
    'Guardrail write_consistency_levels violated: Provided values [ONE] are not allowed for write consistency levels',
    'Guardrail user_timestamps_enabled violated: User provided timestamps (USING TIMESTAMP) is not allowed',
  ]
  for (const message of guardrails) {
    test(`that says "${message}" is caused by the settings of the server`, () => {
      const fault = faultOf(response(0x2200, message))
      assert.ok(fault instanceof Fault && fault.kind === 'misconfigured')
      assert.ok(fault.message.endsWith(message), fault.message)
    })
  }

  test('that is a guardrail on the size of a value is caused by a row', () => {
    const message = 'Guardrail column_value_size violated: Value of column x has size 2MiB'
    assert.ok(faultOf(response(0x2200, message)) instanceof InvalidRequest)
  })

  const aboutSchema = [
    'Undefined column name user_locations',
    'Unknown identifier user_locations',
    'unconfigured table program_enrollment_info',
    'Keyspace sunbird_courses does not exist',
  ]
  for (const message of aboutSchema) {
    test(`that says "${message}" is caused by the schema`, () => {
      assert.ok(faultOf(response(0x2200, message)) instanceof Fault)
    })
  }

  const bugs: [name: string, bug: unknown][] = [
    ['a code that no server should send here', response(0x2400)],
    ['an error inside the driver', new errors.DriverInternalError('oops')],
    ['a feature the driver lacks', new errors.NotSupportedError('oops')],
    ['an error of our own', new TypeError('x is not a function')],
    ['no error at all', undefined],
  ]
  for (const [name, bug] of bugs) {
    test(`is distinguished from ${name}, which is returned unchanged`, () => assert.equal(faultOf(bug), bug))
  }
})
