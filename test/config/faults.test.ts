import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { certificate, encryptedKey, encryptedTraditionalKey, otherKey, privateKey } from './pem.ts'
import { load, refusal } from './settings.ts'

type Env = Readonly<Record<string, string>>

const pem = certificate

test('all faults are reported at once, each with the value, what is accepted and an example', () => {
  assert.deepEqual(
    refusal({
      KAFKA_BROKER_SERVERS: 'localhost',
      CASSANDRA_CONSISTENCY: 'MOST',
      WRITE_CONCURRENCY: '513',
      KAFKA_TLS: 'yes',
      CASSANDRA_PASSWORD: 'pass-word-1',
    }),
    [
      'the configuration has 5 faults:',
      '  KAFKA_BROKER_SERVERS holds "localhost"; accepted: host:port, or several separated by commas, for example KAFKA_BROKER_SERVERS=kafka-1:9092,kafka-2:9092',
      '  KAFKA_TLS holds "yes"; accepted: true or false, for example KAFKA_TLS=true',
      '  CASSANDRA_CONSISTENCY holds "MOST"; accepted: one of LOCAL_QUORUM, LOCAL_ONE, QUORUM, ONE, ALL, EACH_QUORUM, TWO, THREE, for example CASSANDRA_CONSISTENCY=LOCAL_ONE',
      '  WRITE_CONCURRENCY holds "513"; accepted: a whole number from 1 to 512, for example WRITE_CONCURRENCY=16',
      '  CASSANDRA_USERNAME holds nothing while CASSANDRA_PASSWORD holds ***; accepted: both or neither',
      'Settings come from the environment and from .env. See .env.example.',
    ],
  )
})

describe('a fault', () => {
  const only = (env: Env, contents: Env = {}): string => {
    const lines = refusal(env, contents)
    assert.equal(lines[0], 'the configuration has 1 fault:')
    return lines[1]?.trim() ?? ''
  }

  const mutual = (prefix: string): Env => ({
    [`${prefix}_TLS`]: 'true',
    [`${prefix}_TLS_CERT_FILE`]: 'c',
    [`${prefix}_TLS_KEY_FILE`]: 'k',
  })
  const cases: readonly [says: string, env: Env, line: RegExp, contents?: Env][] = [
    ['shows control characters escaped', { KAFKA_GROUP_ID: 'a\nb' }, /holds "a\\nb"/],
    ['shows a long value truncated', { KAFKA_INPUT_TOPIC: 'x'.repeat(5_000) }, /^.{1,500}$/],
    ['in ENV is reported once, because the derived names are valid', { ENV: 'a b' }, /^ENV holds "a b"/],
    [
      'of a secret given twice masks it',
      { CASSANDRA_USERNAME: 'u', CASSANDRA_PASSWORD: 'pass-word-1', CASSANDRA_PASSWORD_FILE: '/p' },
      /^CASSANDRA_PASSWORD holds \*\*\* while CASSANDRA_PASSWORD_FILE is set too; accepted: only one of the two$/,
      { '/p': 'pass-word-1' },
    ],
    [
      'of a missing file for a secret does not show its path, which may be the secret',
      { CASSANDRA_USERNAME: 'u', CASSANDRA_PASSWORD_FILE: 'pass-word-1' },
      /^CASSANDRA_PASSWORD_FILE holds a path \(not shown\), which cannot be read \(ENOENT\)/,
    ],
    [
      'of an empty file is reported',
      { CASSANDRA_USERNAME: 'u', CASSANDRA_PASSWORD_FILE: '/p' },
      /^CASSANDRA_PASSWORD_FILE holds a path \(not shown\), which is empty/,
      { '/p': '\n' },
    ],
    [
      'of an invalid certificate does not show the content of the file',
      { KAFKA_TLS: 'true', KAFKA_TLS_CA_FILE: '/ca' },
      /^KAFKA_TLS_CA_FILE holds "\/ca", which has other content; accepted: the path of a readable file in PEM format$/,
      { '/ca': 'pass-word-1' },
    ],
    [
      'is an input topic that is also the dead-letter topic',
      { KAFKA_OUTPUT_FAILED_TOPIC: 'a', KAFKA_INPUT_TOPIC: 'a' },
      /^KAFKA_OUTPUT_FAILED_TOPIC holds "a" while KAFKA_INPUT_TOPIC holds "a"/,
    ],
    [
      'is a heartbeat as long as the session',
      { KAFKA_HEARTBEAT_INTERVAL_MS: '6000', KAFKA_SESSION_TIMEOUT_MS: '6000' },
      /^KAFKA_HEARTBEAT_INTERVAL_MS holds "6000" while KAFKA_SESSION_TIMEOUT_MS holds "6000"; accepted: less than/,
    ],
    ['is a first delay above the longest', { RETRY_MAX_DELAY_MS: '99' }, /^RETRY_FIRST_DELAY_MS holds "100" while/],
    [
      'is a mechanism without password',
      { KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_USERNAME: 'u' },
      /^KAFKA_SASL_MECHANISM holds "plain" while KAFKA_SASL_PASSWORD holds nothing/,
    ],
    [
      'is a user without mechanism',
      { KAFKA_SASL_USERNAME: 'u' },
      /^KAFKA_SASL_MECHANISM holds "none" while KAFKA_SASL_USERNAME holds "u"/,
    ],
    [
      'is a user without password',
      { CASSANDRA_USERNAME: 'u' },
      /^CASSANDRA_USERNAME holds "u" while CASSANDRA_PASSWORD holds nothing/,
    ],
    [
      'is a key without certificate',
      { CASSANDRA_TLS: 'true', CASSANDRA_TLS_KEY_FILE: 'k' },
      /^CASSANDRA_TLS_CERT_FILE holds nothing while CASSANDRA_TLS_KEY_FILE holds "k"; accepted: both or neither/,
      { k: pem },
    ],
    [
      'is a certificate without key',
      { KAFKA_TLS: 'true', KAFKA_TLS_CERT_FILE: 'c' },
      /^KAFKA_TLS_CERT_FILE holds "c" while KAFKA_TLS_KEY_FILE holds nothing/,
      { c: pem },
    ],
    [
      'is a secret that `config` has masked',
      { CASSANDRA_USERNAME: 'u', CASSANDRA_PASSWORD: '***' },
      /^CASSANDRA_PASSWORD holds \*\*\*; accepted: the secret itself; `config` prints \*\*\* instead of it$/,
    ],
    [
      'is the content of a PEM file instead of its path',
      { KAFKA_TLS: 'true', KAFKA_TLS_CA_FILE: '-----BEGIN CERTIFICATE-----\npass-word-1' },
      /^KAFKA_TLS_CA_FILE holds the text of a PEM file \(not shown\); accepted: the path/,
    ],
    [
      'is a service link of Kubernetes, which has a hint',
      { ML_CASSANDRA_PORT: 'tcp://10.0.0.1:9042' },
      /^ML_CASSANDRA_PORT holds "tcp:\/\/10.0.0.1:9042"; accepted: .*; Kubernetes sets this variable for a Service .* enableServiceLinks: false/,
    ],
    [
      'is an encrypted key',
      mutual('KAFKA'),
      /^KAFKA_TLS_KEY_FILE holds "k", which is encrypted; accepted: the path of the private key of KAFKA_TLS_CERT_FILE/,
      { c: certificate, k: encryptedKey },
    ],
    [
      'is an encrypted key in the traditional form',
      mutual('CASSANDRA'),
      /^CASSANDRA_TLS_KEY_FILE holds "k", which is encrypted/,
      { c: certificate, k: encryptedTraditionalKey },
    ],
    [
      'is the key of another certificate',
      mutual('KAFKA'),
      /^KAFKA_TLS_KEY_FILE holds "k", which is the key of another certificate/,
      { c: certificate, k: otherKey },
    ],
    [
      'is a certificate instead of the key',
      mutual('KAFKA'),
      /^KAFKA_TLS_KEY_FILE holds "k", which contains no valid private key/,
      { c: certificate, k: certificate },
    ],
    [
      'is a key instead of the certificate',
      mutual('KAFKA'),
      /^KAFKA_TLS_CERT_FILE holds "c", which contains no valid certificate/,
      { c: privateKey, k: privateKey },
    ],
    [
      'is a CA certificate without TLS',
      { KAFKA_TLS_CA_FILE: 'ca' },
      /^KAFKA_TLS_CA_FILE holds "ca" while KAFKA_TLS holds "false"; accepted: a file only with KAFKA_TLS=true/,
      { ca: pem },
    ],
  ]
  for (const [says, env, line, contents] of cases) {
    test(says, () => {
      const told = only(env, contents)
      assert.match(told, line)
      assert.doesNotMatch(told, /pass-word-1/)
    })
  }

  test('of one setting is not reported again by a rule', () => {
    assert.match(only({ KAFKA_SESSION_TIMEOUT_MS: '1' }), /^KAFKA_SESSION_TIMEOUT_MS holds "1"/)
    assert.match(only({ CASSANDRA_USERNAME: 'u', CASSANDRA_PASSWORD_FILE: '/p' }), /^CASSANDRA_PASSWORD_FILE/)
  })
})

describe('a variable that looks like a setting', () => {
  const warnings: readonly [variable: string, warning: string | undefined][] = [
    ['KAFKA_BROKER_SERVER', 'KAFKA_BROKER_SERVER is not a setting; did you mean KAFKA_BROKER_SERVERS?'],
    ['KAKFA_INPUT_TOPIC', 'KAKFA_INPUT_TOPIC is not a setting; did you mean KAFKA_INPUT_TOPIC?'],
    ['CASSANDRA_PASWORD_FILE', 'CASSANDRA_PASWORD_FILE is not a setting; did you mean CASSANDRA_PASSWORD_FILE?'],
    ['MAX_INFLIGHT_RECORDS', 'MAX_INFLIGHT_RECORDS is not a setting; did you mean MAX_IN_FLIGHT_RECORDS?'],
    ['BATCH_MAXROWS', 'BATCH_MAXROWS is not a setting; did you mean BATCH_MAX_ROWS?'],
    ['log_level', undefined],
    ['KAFKA_ACKS', 'KAFKA_ACKS is not a setting'],
    ['CASSANDRA_KEYSTORE_LOCATION', 'CASSANDRA_KEYSTORE_LOCATION is not a setting'],
    ['COMMIT_SHA', undefined],
    ['LOG_DIR', undefined],
    ['PATH', undefined],
    ['ENVOY', undefined],
    ['KAFKA_SERVICE_HOST', undefined],
    ['KAFKA_SERVICE_PORT_CLIENT', undefined],
    ['CASSANDRA_PORT', undefined],
    ['CASSANDRA_PORT_9042_TCP_ADDR', undefined],
  ]
  for (const [variable, warning] of warnings) {
    test(`${variable} is ${warning === undefined ? 'ignored' : 'reported'}`, () => {
      assert.deepEqual(load({ [variable]: 'x' }).warnings, warning === undefined ? [] : [warning])
    })
  }

  test('is reported with the faults, because it may be their cause', () => {
    const lines = refusal({
      KAFKA_SASL_MECHANISM: 'plain',
      KAFKA_SASL_USERNAME: 'u',
      KAFKA_SASL_PASWORD: 'pass-word-1',
    })
    assert.ok(lines.includes('  also: KAFKA_SASL_PASWORD is not a setting; did you mean KAFKA_SASL_PASSWORD?'))
    assert.ok(!lines.join('\n').includes('pass-word-1'))
  })
})
