import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { judge, type Lane, newLane, type Verdict } from '../../src/kafka/lane.ts'
import { batch, FakeBatches } from './batches.ts'

type Case = [what: string, lane: Partial<Lane> | undefined, fetchOffset: number, errorCode: number, verdict: Verdict]

const batches = new FakeBatches([batch(5, 8)])
const ready = { messages: [], next: 0, nextOffset: 8 }

// The content does not matter: control records, or no records at all, have the same verdict.
const cases: Case[] = [
  ['from the next offset', { position: 5 }, 5, 0, 'take'],
  ['from the first offset', { position: 0 }, 0, 0, 'take'],
  ['of a partition that is not assigned', undefined, 5, 0, 'not-ours'],
  ['of a partition that is not assigned, with an error', undefined, 5, 1, 'not-ours'],
  ['from before the next offset', { position: 5 }, 4, 0, 'later'],
  ['from after the next offset, because records in between would be lost', { position: 5 }, 6, 0, 'later'],
  ['while the next offset is not known', { position: undefined }, 5, 0, 'later'],
  ['while another fetch waits to be decoded', { position: 5, batches }, 5, 0, 'later'],
  ['while another fetch is delivered', { position: 5, ready }, 5, 0, 'later'],
  ['out of range', { position: 5 }, 5, 1, 'locate'],
  ['out of range, from another offset', { position: 5 }, 4, 1, 'later'],
  ['out of range, while another fetch is delivered', { position: 5, ready }, 5, 1, 'later'],
  ['that is corrupt', { position: 5 }, 5, 2, 'later'],
  ['from a broker that does not lead it', { position: 5 }, 5, 6, 'later'],
]

describe('a fetch', () => {
  for (const [what, over, fetchOffset, errorCode, verdict] of cases) {
    test(`${what}: ${verdict}`, () => {
      const lane = over === undefined ? undefined : { ...newLane(3), ...over }
      assert.equal(judge(lane, { fetchOffset, errorCode }), verdict)
    })
  }
})
