import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  duration,
  flag,
  hosts,
  hostsWithPort,
  integer,
  oneOf,
  optionalText,
  pemFile,
  secret,
  type Setting,
  size,
  text,
} from '../../src/config/define.ts'

const help = 'for the test'
const range = { fallback: 5, min: 1, max: 512, help }
const servers = { fallback: 'localhost', example: 'a,b', help }

interface Rule {
  readonly kind: string
  readonly setting: Setting<unknown>
  readonly accepts: string
  readonly taken: readonly (readonly [text: string, value: unknown])[]
  readonly refused: readonly string[]
}

const numbers = [
  ['1', 1],
  ['512', 512],
  ['007', 7],
] as const
const notNumbers = ['0', '513', '-1', '+1', '1.5', '1e2', '0x10', 'many', '1 000', 'NaN', 'Infinity', '9'.repeat(400)]

const rules: readonly Rule[] = [
  {
    kind: 'integer',
    setting: integer('NAME', range),
    accepts: 'a whole number from 1 to 512',
    taken: numbers,
    refused: notNumbers,
  },
  {
    kind: 'duration',
    setting: duration('NAME', range),
    accepts: 'a whole number of milliseconds from 1 to 512',
    taken: numbers,
    refused: [...notNumbers, '5s', '5 ms'],
  },
  {
    kind: 'size',
    setting: size('NAME', range),
    accepts: 'a whole number of bytes from 1 to 512',
    taken: numbers,
    refused: [...notNumbers, '1k', '1MiB'],
  },
  {
    kind: 'text',
    setting: text('NAME', { fallback: 'abc', pattern: /^[a-z]+$/, accepts: 'letters', help }),
    accepts: 'letters',
    taken: [['abc', 'abc']],
    refused: ['ABC', 'a b', 'abc1'],
  },
  {
    kind: 'optional text',
    setting: optionalText('NAME', { example: 'somebody', help }),
    accepts: 'any text',
    taken: [['any: "thing"', 'any: "thing"']],
    refused: [],
  },
  {
    kind: 'one of several',
    setting: oneOf('NAME', ['none', 'plain', 'scram-sha-256'], { fallback: 'none', help }),
    accepts: 'one of none, plain, scram-sha-256',
    taken: [
      ['plain', 'plain'],
      ['SCRAM-SHA-256', 'scram-sha-256'],
    ],
    refused: ['scram', 'plain,none', 'plain '],
  },
  {
    kind: 'flag',
    setting: flag('NAME', { help }),
    accepts: 'true or false',
    taken: [
      ['true', true],
      ['False', false],
    ],
    refused: ['1', '0', 'yes', 'on', 'truee'],
  },
  {
    kind: 'hosts',
    setting: hosts('NAME', servers),
    accepts: 'a host name or address, or several separated by commas',
    taken: [
      ['localhost', ['localhost']],
      ['cassandra-1.db.svc, 10.0.0.7,::1', ['cassandra-1.db.svc', '10.0.0.7', '::1']],
      ['compose_node_1', ['compose_node_1']],
    ],
    refused: ['a,', ',a', 'a,,b', 'a b', 'localhost:9042', 'cql://a', 'a/b', '-a'],
  },
  {
    kind: 'hosts with port',
    setting: hostsWithPort('NAME', servers),
    accepts: 'host:port, or several separated by commas',
    taken: [
      ['localhost:9092', ['localhost:9092']],
      ['kafka-1:1, 10.0.0.7:65535', ['kafka-1:1', '10.0.0.7:65535']],
    ],
    refused: [
      'localhost',
      'localhost:',
      ':9092',
      'a:0',
      'a:65536',
      'a:9092,',
      'a:b',
      '[::1]:9092',
      'plaintext://a:9092',
    ],
  },
  {
    kind: 'secret',
    setting: secret('NAME', { help }),
    accepts: 'any text',
    taken: [[' with space, {{env}} and # ', ' with space, {{env}} and # ']],
    refused: [],
  },
  {
    kind: 'PEM file',
    setting: pemFile('NAME', { example: '/a', help }),
    accepts: 'the path of a readable file in PEM format',
    taken: [['-----BEGIN CERTIFICATE-----\nMII', '-----BEGIN CERTIFICATE-----\nMII']],
    refused: ['0\u0082', 'hello'],
  },
]

for (const { kind, setting, accepts, taken, refused } of rules) {
  describe(`the kind "${kind}"`, () => {
    test(`says that it accepts ${accepts}`, () => assert.equal(setting.accepts, accepts))
    for (const [given, value] of taken)
      test(`accepts ${given}`, () => {
        const parsed = setting.parse(given)
        assert.deepEqual(typeof parsed === 'function' ? (parsed as () => unknown)() : parsed, value)
      })
    for (const given of refused)
      test(`rejects ${given.slice(0, 40)}`, () => assert.equal(setting.parse(given), undefined))
  })
}
