import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readLetter } from '../../../src/commands/dead-letters/letter.ts'
import { toReplayed } from '../../../src/commands/dead-letters/replayed.ts'
import { headersOf, replayTimestamp } from '../../../src/kafka/headers.ts'
import { type StoredMessage } from '../../../src/kafka/scan.ts'
import { type Headers } from '../../../src/model/record.ts'
import { stored } from './letters.ts'

const replayed = (message: StoredMessage) => toReplayed(readLetter(message), 'in', 'in.failed')

/** What the worker puts on the dead-letter topic for a message with these headers. */
const deadLettered = (headers: Headers): Headers =>
  headersOf(
    {
      withoutValue: false,
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
          writeTimestamp: 0,
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

describe('what is published for a dead letter', () => {
  test('key, value and own headers as they were, the time of the original, and where the letter lies', () => {
    const message = stored({ key: Buffer.from('k'), offset: 9, headers: deadLettered({ traceparent: '00-a' }) })
    assert.deepEqual(replayed(message), {
      key: message.key,
      value: message.value,
      headers: {
        traceparent: '00-a',
        'sunbird.replay.timestamp': '1700000000000',
        'sunbird.replay.from': 'in.failed:0:9',
      },
    })
  })

  test('headers of another system, under the names that we use too, are left as they were', () => {
    const own = { '__connect.errors.topic': ['theirs', 'theirs again'], '__connect.errors.stage': 'PUT' }
    const { headers } = replayed(stored({ headers: deadLettered(own) })) as { headers: Headers }
    assert.deepEqual(headers['__connect.errors.topic'], own['__connect.errors.topic'])
    assert.deepEqual(headers['__connect.errors.stage'], ['PUT'])
    assert.equal(headers['__connect.errors.reason'], undefined)
  })

  test('a letter that failed again after a replay keeps the time of its first original', () => {
    const extra = { 'sunbird.replay.timestamp': Buffer.from('1600000000000'), 'sunbird.replay.from': 'in.failed:0:1' }
    const { headers } = replayed(stored({ extra, offset: 5 })) as { headers: Headers }
    assert.equal(replayTimestamp(headers), 1_600_000_000_000_000)
    assert.equal(headers['sunbird.replay.from'], 'in.failed:0:5')
  })

  test('a message without a value is published without one', () => {
    assert.equal((replayed(stored({ value: null, reason: 'empty-value' })) as { value: null }).value, null)
  })

  const unfit: [why: string, message: StoredMessage, obstacle: string][] = [
    [
      'its value was left out',
      stored({ value: null, extra: { '__connect.errors.value.omitted': '1500000' } }),
      'value-omitted',
    ],
    ['it is from another topic', stored({ source: 'other' }), 'other-topic'],
    ['it is no letter of ours', stored({ headers: {} }), 'other-topic'],
    ["the original's time is missing", stored({ time: null }), 'no-time'],
    ["the original's time is no time", stored({ time: '-1' }), 'no-time'],
  ]
  for (const [why, message, obstacle] of unfit) {
    test(`nothing when ${why}`, () => assert.equal(replayed(message), obstacle))
  }
})
