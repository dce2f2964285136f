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
  [
    'the first offset left, when that is the committed one',
    { committed: 10, low: 10, high: 90 },
    'latest',
    { offset: 10 },
  ],
  ['the end, when all is read', { committed: 90, low: 10, high: 90 }, 'earliest', { offset: 90 }],
  [
    'offset 0, when that is committed and nothing is in the topic',
    { committed: 0, low: 0, high: 0 },
    'latest',
    { offset: 0 },
  ],
  [
    'the first offset, for a new group that takes all',
    { committed: -1, low: 10, high: 90 },
    'earliest',
    { offset: 10 },
  ],
  ['the end, for a new group that takes what comes', { committed: -1, low: 10, high: 90 }, 'latest', { offset: 90 }],
  [
    'the first offset left, when retention went past the committed one: so many are skipped',
    { committed: 50, low: 60, high: 90 },
    'earliest',
    { offset: 60, outOfRange: { committed: 50, skipped: 10 } },
  ],
  [
    'the first offset left, not the end, also where new groups take what comes',
    { committed: 50, low: 60, high: 90 },
    'latest',
    { offset: 60, outOfRange: { committed: 50, skipped: 10 } },
  ],
  [
    'the first offset, when retention took everything: all between is skipped',
    { committed: 50, low: 90, high: 90 },
    'earliest',
    { offset: 90, outOfRange: { committed: 50, skipped: 40 } },
  ],
  [
    'the first offset, when the topic was made anew and is shorter: nobody knows what is skipped',
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
