import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { openConsumer } from '../../src/kafka/consumer.ts'
import { type FetchRequest, type Fetched } from '../../src/kafka/member.ts'
import { seeded } from '../../rig/load/random.ts'
import { SteppedTime } from '../stepped-time.ts'
import { batch, FakeBatches, fetched } from './batches.ts'
import { FakeGroup } from './fake-member.ts'

const recordBytes = 1800
const perBatch = 9
const batchBytes = recordBytes * perBatch
const end = 1_000_000

const unexpected = (): never => assert.fail('there is no fault here')

const events = {
  assigned: () => undefined,
  outOfRange: unexpected,
  reached: () => undefined,
  restarting: unexpected,
  watch: () => ({ faulted: unexpected, over: () => undefined }),
  waits: unexpected,
  goesOn: unexpected,
}

/** Fills a response like a broker: whole record batches in the order of the request, within both limits, but at least one. */
const answerOf = ({
  partitions,
  maxBytes,
  maxBytesPerPartition,
}: FetchRequest): { answers: Fetched[]; bytes: number } => {
  let bytes = 0
  const answers = partitions.map(({ partition, fetchOffset }) => {
    const room = Math.min(maxBytesPerPartition, maxBytes - bytes)
    const count = Math.max(bytes === 0 ? 1 : 0, Math.floor(room / batchBytes))
    bytes += count * batchBytes
    const taken = Array.from({ length: count }, (_, index) => {
      const from = fetchOffset + index * perBatch
      return batch(from, from + perBatch)
    })
    return fetched(partition, fetchOffset, new FakeBatches(taken, batchBytes), { end })
  })
  return { answers, bytes }
}

/** Reads equal backlogs from two brokers, with random pauses like a pipeline, until this many records are read. */
const readBacklogs = async (partitions: number, records: number, fetchMaxBytesPerPartition: number) => {
  const random = seeded(7)
  const time = new SteppedTime()
  const group = new FakeGroup(partitions)
  const all = [...group.committed.keys()]
  for (const partition of all) group.bounds.set(partition, { low: 0, high: end })
  const settings = { sessionTimeoutMs: 1e9, maxRestarts: 1, backoff: { firstMs: 4, capMs: 16 } }
  const consumer = openConsumer(
    group.open,
    { ...settings, offsetReset: 'earliest', fetchMaxBytesPerPartition },
    events,
    time.wall,
    () => random.next(),
    () => time.now(),
  )
  const counts = all.map(() => 0)
  let [read, inFlight, bytes] = [0, 0, 0]
  consumer.records.subscribe(({ partition }) => {
    counts[partition] = (counts[partition] ?? 0) + 1
    read += 1
    inFlight += 1
    if (inFlight >= 5000) consumer.pause()
  })
  group.member.join(all)
  await time.settle()
  while (read < records) {
    for (const led of [all.filter(each => each % 2 === 0), all.filter(each => each % 2 === 1)]) {
      const ask = group.member.events.toFetch(led)
      if (ask === undefined) continue
      const { answers, bytes: more } = answerOf(ask)
      bytes += more
      group.member.events.fetched(ask, answers)
      await time.settle()
    }
    inFlight -= random.below(inFlight)
    if (inFlight <= 2500) consumer.resume()
    await time.settle()
  }
  return { counts, read, bytes }
}

describe('backlogs', () => {
  for (const perPartition of [32_768, 1_048_576]) {
    test(`of 16 partitions are read evenly, ${perPartition} bytes of each at a time`, async () => {
      const { counts, read } = await readBacklogs(16, 50_000, perPartition)
      const share = Math.min(...counts) / (read / counts.length)
      assert.ok(share >= 0.7, `the least has ${share.toFixed(2)} of the mean: ${counts.join(' ')}`)
    })

    test(`of 8 partitions are fetched once, ${perPartition} bytes of each at a time`, async () => {
      const { read, bytes } = await readBacklogs(8, 50_000, perPartition)
      const ratio = bytes / (read * recordBytes)
      assert.ok(ratio <= 1.1, `fetched ${ratio.toFixed(2)} times the bytes of the records read`)
    })
  }
})
