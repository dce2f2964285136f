import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { headersOf, replayTimestamp } from '../../src/kafka/headers.ts'
import { type KafkaRecord, type Rejected } from '../../src/model/record.ts'
import { type Part } from '../../src/operators/letter-forms.ts'
import { record } from '../records.ts'

const rejected = (over: Partial<KafkaRecord> = {}): Rejected => ({
  kind: 'rejected',
  record: record(41, { partition: 3, timestamp: 1_700_000_000_123, ...over }),
  stage: 'flatten',
  reason: 'wrong-type',
  message: 'userId: expected text, found a number',
})

const ours = {
  '__connect.errors.connector.name': 'letters',
  '__connect.errors.stage': 'flatten',
  '__connect.errors.reason': 'wrong-type',
  '__connect.errors.exception.message': 'userId: expected text, found a number',
  '__connect.errors.topic': 'enrolments',
  '__connect.errors.partition': '3',
  '__connect.errors.offset': '41',
  '__connect.errors.timestamp': '1700000000123',
  '__connect.errors.write.timestamp': '1000041',
}

const headers = (rejection: Rejected, without: readonly Part[] = []) =>
  headersOf({ rejected: rejection, compressed: false, without }, 'letters', 'enrolments')

describe('the headers of a dead letter', () => {
  test("have Kafka Connect's names for its origin and its fault", () => {
    assert.deepEqual(headers(rejected()), ours)
  })

  test('include all headers of the message, unchanged', () => {
    const theirs = { trace: Buffer.from([0xff, 0]), hop: ['a', Buffer.from('b')], empty: '' }
    assert.deepEqual(headers(rejected({ headers: theirs })), { ...theirs, ...ours })
  })

  test('include headers whose names every object has', () => {
    const theirs = Object.entries({ constructor: 'a', toString: 'b', hasOwnProperty: 'c' })
    const named = Object.fromEntries([...theirs, ['__proto__', 'd']])
    assert.deepEqual(Object.entries(headers(rejected({ headers: named }))).slice(0, 4), [...theirs, ['__proto__', 'd']])
  })

  test('come after existing headers of the same name', () => {
    const earlier = {
      '__connect.errors.topic': Buffer.from('elsewhere'),
      '__connect.errors.offset': ['1', Buffer.from('2')],
    }
    const both = headers(rejected({ headers: earlier }))
    assert.deepEqual(both['__connect.errors.topic'], [Buffer.from('elsewhere'), 'enrolments'])
    assert.deepEqual(both['__connect.errors.offset'], ['1', Buffer.from('2'), '41'])
  })

  test('do not change the headers of the record', () => {
    const theirs = { '__connect.errors.topic': ['elsewhere'] }
    headers(rejected({ headers: theirs }))
    assert.deepEqual(theirs, { '__connect.errors.topic': ['elsewhere'] })
  })

  test('name omitted parts and their bytes', () => {
    const large = rejected({ key: Buffer.alloc(7), value: Buffer.alloc(2_000_000), headers: { trace: ['a', 'bc'] } })
    assert.deepEqual(headers(large, ['value']), {
      trace: ['a', 'bc'],
      ...ours,
      '__connect.errors.value.omitted': '2000000',
    })
    assert.deepEqual(headers(large, ['value', 'headers', 'key']), {
      ...ours,
      '__connect.errors.value.omitted': '2000000',
      '__connect.errors.headers.omitted': '8',
      '__connect.errors.key.omitted': '7',
    })
  })

  test('replace null values with empty ones, because the client fails on null', () => {
    const nulls = { trace: null, hop: ['a', null], empty: undefined } as unknown as KafkaRecord['headers']
    assert.deepEqual(headers(rejected({ headers: nulls })), { trace: '', hop: ['a', ''], empty: '', ...ours })
  })

  test('contain nothing of key and value', () => {
    const secret = Buffer.from('Priya Sharma')
    const all = JSON.stringify(headers(rejected({ key: secret, value: secret })))
    assert.equal(all.includes('Priya'), false)
  })
})

describe('the write timestamp of a replayed dead letter', () => {
  const read = 1_800_000_000_000_000
  const is = (value: string) => ({ 'sunbird.replay.write.timestamp': value })
  const earlier = (value: string) => ({ 'sunbird.replay.timestamp': value })
  const replayed: [name: string, header: Parameters<typeof replayTimestamp>[0], microseconds: number | undefined][] = [
    ['is none without headers', undefined, undefined],
    ['is none without the header', { other: '1' }, undefined],
    ['is that of the first read', is('1700000000123456'), 1_700_000_000_123_456],
    [
      'is read from bytes',
      { 'sunbird.replay.write.timestamp': Buffer.from('1700000000123456') },
      1_700_000_000_123_456,
    ],
    ['is the last one if it was replayed before', { 'sunbird.replay.write.timestamp': ['5', Buffer.from('7')] }, 7],
    ['is at the latest the time of the read', is(String(read)), read],
    ['is none if it is later than the read, because any producer can send it', is(String(read + 1)), undefined],
    ['is none if it is not a number', is('yesterday'), undefined],
    ['is none if it is empty', is(''), undefined],
    ['is none before 1970', is('-5'), undefined],
    ['is none if it has a fraction', is('1.5'), undefined],
    ['is none beyond exact numbers', is('9007199254740993'), undefined],
    [
      "is the record's own timestamp if an earlier release replayed it",
      earlier('1700000000123'),
      1_700_000_000_123_000,
    ],
    ['of an earlier release is never later than the read either', earlier('4102444800000'), undefined],
  ]
  for (const [name, header, microseconds] of replayed) {
    test(name, () => assert.equal(replayTimestamp(header, read), microseconds))
  }
})
