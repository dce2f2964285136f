import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { headersOf, replayTimestamp } from '../../src/kafka/headers.ts'
import { type KafkaRecord, type Rejected } from '../../src/model/record.ts'
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
}

const headers = (rejection: Rejected, withoutValue = false) =>
  headersOf({ rejected: rejection, withoutValue }, 'letters', 'enrolments')

describe('the headers of a dead letter', () => {
  test("say in Kafka Connect's names where it is from and what is wrong with it", () => {
    assert.deepEqual(headers(rejected()), ours)
  })

  test('keep every header that the message had, bytes and lists as they are', () => {
    const theirs = { trace: Buffer.from([0xff, 0]), hop: ['a', Buffer.from('b')], empty: undefined }
    assert.deepEqual(headers(rejected({ headers: theirs })), { ...theirs, ...ours })
  })

  test('come after those of the same name that an earlier dead letter left', () => {
    const earlier = {
      '__connect.errors.topic': Buffer.from('elsewhere'),
      '__connect.errors.offset': ['1', Buffer.from('2')],
    }
    const both = headers(rejected({ headers: earlier }))
    assert.deepEqual(both['__connect.errors.topic'], [Buffer.from('elsewhere'), 'enrolments'])
    assert.deepEqual(both['__connect.errors.offset'], ['1', Buffer.from('2'), '41'])
  })

  test('leave the headers of the record itself alone', () => {
    const theirs = { '__connect.errors.topic': ['elsewhere'] }
    headers(rejected({ headers: theirs }))
    assert.deepEqual(theirs, { '__connect.errors.topic': ['elsewhere'] })
  })

  test('say how many bytes the value had that was left out', () => {
    const large = rejected({ value: Buffer.alloc(2_000_000) })
    assert.deepEqual(headers(large, true), { ...ours, '__connect.errors.value.omitted': '2000000' })
    assert.deepEqual(headers(rejected(), true), { ...ours, '__connect.errors.value.omitted': '0' })
  })

  test('hold nothing of key and value', () => {
    const secret = Buffer.from('Priya Sharma')
    const all = JSON.stringify(headers(rejected({ key: secret, value: secret })))
    assert.equal(all.includes('Priya'), false)
  })
})

describe('the write timestamp of a replayed dead letter', () => {
  const replayed: [name: string, header: Parameters<typeof replayTimestamp>[0], microseconds: number | undefined][] = [
    ['is none without headers', undefined, undefined],
    ['is none without the header', { other: '1' }, undefined],
    ["is the original record's time", { 'sunbird.replay.timestamp': '1700000000123' }, 1_700_000_000_123_000],
    ['is read from bytes', { 'sunbird.replay.timestamp': Buffer.from('1700000000123') }, 1_700_000_000_123_000],
    ['is the last where it was replayed before', { 'sunbird.replay.timestamp': ['5', Buffer.from('7')] }, 7000],
    ['is none where it is no number', { 'sunbird.replay.timestamp': 'yesterday' }, undefined],
    ['is none where it is empty', { 'sunbird.replay.timestamp': '' }, undefined],
    ['is none before 1970', { 'sunbird.replay.timestamp': '-5' }, undefined],
    ['is none where it has a fraction of a microsecond', { 'sunbird.replay.timestamp': '1.00001' }, undefined],
    ['is none beyond exact digits', { 'sunbird.replay.timestamp': '9007199254741' }, undefined],
  ]
  for (const [name, header, microseconds] of replayed) {
    test(name, () => assert.equal(replayTimestamp(header), microseconds))
  }
})
