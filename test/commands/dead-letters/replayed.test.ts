import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readLetter } from '../../../src/commands/dead-letters/letter.ts'
import { type Replayable, toReplayed } from '../../../src/commands/dead-letters/replayed.ts'
import { headersOf, replayTimestamp } from '../../../src/kafka/headers.ts'
import { type StoredMessage } from '../../../src/kafka/scan.ts'
import { type Headers } from '../../../src/model/record.ts'
import { noon, stored } from './letters.ts'

const replayed = (message: StoredMessage) => toReplayed(readLetter(message), 'in', 'in.failed')

const published = (message: StoredMessage): Replayable => {
  const given = replayed(message)
  return typeof given === 'string' ? assert.fail(given) : given
}

/** The dead letter that the worker publishes for a message with these headers. */
const deadLettered = (headers: Headers): Headers =>
  headersOf(
    {
      compressed: false,
      without: [],
      rejected: {
        kind: 'rejected',
        stage: 'flatten',
        reason: 'bad-date',
        message: 'createdAt: absent',
        record: {
          partition: 1,
          offset: 42,
          assignment: 1,
          sequence: 0,
          timestamp: 1_700_000_000_000,
          writeTimestamp: 1_700_000_001_234_567,
          key: null,
          value: Buffer.from('{}'),
          headers,
          bytes: 2,
        },
      },
    },
    'program-user-info',
    'in',
  )

describe('the message that is published for a dead letter', () => {
  test('has the key, value, own headers, partition and write timestamp of the original', () => {
    const message = stored({ key: Buffer.from('k'), offset: 9, headers: deadLettered({ traceparent: '00-a' }) })
    assert.deepEqual(replayed(message), {
      partition: 1,
      key: message.key,
      value: message.value,
      headers: {
        traceparent: '00-a',
        'sunbird.replay.write.timestamp': '1700000001234567',
        'sunbird.replay.from': 'in.failed:0:9',
      },
      reason: 'bad-date',
      isExact: true,
      earlierLetter: undefined,
    })
  })

  test('keeps headers of another system with the same names', () => {
    const own = { '__connect.errors.topic': ['theirs', 'theirs again'], '__connect.errors.stage': 'PUT' }
    const { headers } = published(stored({ headers: deadLettered(own) }))
    assert.deepEqual(headers['__connect.errors.topic'], own['__connect.errors.topic'])
    assert.deepEqual(headers['__connect.errors.stage'], ['PUT'])
    assert.equal(headers['__connect.errors.reason'], undefined)
  })

  test('keeps the first write timestamp if it failed again after a replay', () => {
    // The worker took the write timestamp from the header, so the second dead letter has it too.
    const extra = { 'sunbird.replay.write.timestamp': '1600000000000001', 'sunbird.replay.from': 'in.failed:0:1' }
    const { headers, earlierLetter } = published(stored({ extra, written: '1600000000000001', offset: 5 }))
    assert.equal(replayTimestamp(headers, Date.now() * 1000), 1_600_000_000_000_001)
    assert.equal(headers['sunbird.replay.from'], 'in.failed:0:5')
    assert.equal(earlierLetter, '0:1')
  })

  test('has no value if the original has none', () => {
    assert.equal(published(stored({ value: null, reason: 'empty-value' })).value, null)
  })

  const early: [what: string, about: Parameters<typeof stored>[0], microseconds: number][] = [
    ['the time of its record', {}, 1_700_000_000_000_000],
    [
      'that of the first original, if it was replayed',
      { extra: { 'sunbird.replay.timestamp': '1600000000000' } },
      16e14,
    ],
    ['the time of the letter, if its record has none', { time: '-1' }, noon * 1000],
    ['the same if the header is missing', { time: null }, noon * 1000],
    ['the same if the record has microseconds', { time: '1700000000000000' }, noon * 1000],
    ['the same if the record is later than its letter', { time: '4102444800000' }, noon * 1000],
  ]
  for (const [what, about, microseconds] of early) {
    test(`a letter of an earlier release takes ${what}`, () => {
      const { headers, isExact } = published(stored({ ...about, written: null }))
      assert.equal(replayTimestamp(headers, Date.now() * 1000), microseconds)
      assert.equal(headers['sunbird.replay.timestamp'], undefined)
      assert.equal(isExact, false)
    })
  }

  test('has no write timestamp if the letter has no time', () => {
    const { headers } = published(stored({ time: '-1', written: null, timestamp: -1 }))
    assert.deepEqual(Object.keys(headers), ['sunbird.replay.from'])
  })

  const unfit: [why: string, message: StoredMessage, obstacle: string][] = [
    [
      'its value was omitted',
      stored({ value: null, extra: { '__connect.errors.value.omitted': '1500000' } }),
      'incomplete',
    ],
    ['its key was omitted', stored({ extra: { '__connect.errors.key.omitted': '1500000' } }), 'incomplete'],
    ['its headers were omitted', stored({ extra: { '__connect.errors.headers.omitted': '1500000' } }), 'incomplete'],
    ['it is a piece of a record batch', stored({ extra: { '__connect.errors.reason': 'undecodable' } }), 'no-record'],
    ['it is from another topic', stored({ source: 'other' }), 'other-topic'],
    ['it is not one of our letters', stored({ headers: {} }), 'other-topic'],
  ]
  for (const [why, message, obstacle] of unfit) {
    test(`nothing when ${why}`, () => assert.equal(replayed(message), obstacle))
  }
})
