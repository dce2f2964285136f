import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  type AutoOffsetReset,
  type PartitionOffsets,
  pinOfTime,
  type Start,
  startOf,
  timeOfPin,
} from '../../src/kafka/positions.ts'

type Case = [when: string, offsets: Omit<PartitionOffsets, 'partition'>, reset: AutoOffsetReset, start: Start]

const cases: Case[] = [
  ['the committed offset', { committed: 50, low: 10, high: 90 }, 'earliest', { offset: 50 }],
  ['the committed offset, whatever the reset', { committed: 50, low: 10, high: 90 }, 'latest', { offset: 50 }],
  ['the earliest offset, if that is the committed one', { committed: 10, low: 10, high: 90 }, 'latest', { offset: 10 }],
  ['the end, if everything is read', { committed: 90, low: 10, high: 90 }, 'earliest', { offset: 90 }],
  ['offset 0, if that is committed and the topic is empty', { committed: 0, low: 0, high: 0 }, 'latest', { offset: 0 }],
  [
    'the earliest offset, for a new group with earliest',
    { committed: -1, low: 10, high: 90 },
    'earliest',
    { offset: 10 },
  ],
  ['the end, for a new group with latest', { committed: -1, low: 10, high: 90 }, 'latest', { offset: 90 }],
  [
    'the earliest offset, if retention has passed the committed one, with the number of skipped records',
    { committed: 50, low: 60, high: 90 },
    'earliest',
    { offset: 60, outOfRange: { committed: 50, skipped: 10 } },
  ],
  [
    'the earliest offset, not the end, even with latest',
    { committed: 50, low: 60, high: 90 },
    'latest',
    { offset: 60, outOfRange: { committed: 50, skipped: 10 } },
  ],
  [
    'the end, if retention removed everything, with the number of skipped records',
    { committed: 50, low: 90, high: 90 },
    'earliest',
    { offset: 90, outOfRange: { committed: 50, skipped: 40 } },
  ],
  [
    'the earliest offset, if the topic was recreated and is shorter, with an unknown number of skipped records',
    { committed: 500, low: 0, high: 90 },
    'latest',
    { offset: 0, outOfRange: { committed: 500, skipped: undefined } },
  ],
]

describe('an assignment reads from', () => {
  for (const [from, offsets, reset, start] of cases) {
    test(from, () => assert.deepEqual(startOf({ partition: 3, ...offsets }, reset), start))
  }
})

describe('a pin of a time', () => {
  test('is distinguished from offsets, from none, and from the client’s number for the earliest offset', () => {
    const now = 1_790_000_000_000
    assert.deepEqual([pinOfTime(now), 50, 0, -1, -2].map(timeOfPin), [now, undefined, undefined, undefined, undefined])
  })
})
