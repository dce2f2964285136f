import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { samePartition } from '../../src/kafka/same-partition.ts'
import { toMessage } from '../../src/kafka/producer.ts'
import { rejected } from '../records.ts'

const partitionOf = (partition: number, count: number, key: Buffer | null = null): number => {
  const metadata = { partitionErrorCode: 0, leader: 0, replicas: [], isr: [] }
  const partitionMetadata = Array.from({ length: count }, (_, partitionId) => ({ ...metadata, partitionId }))
  return samePartition()({ topic: 't', partitionMetadata, message: { partition, key, value: null } })
}

describe('the partition of a dead letter or a replayed message', () => {
  for (const [partition, count, expected] of [
    [0, 1, 0],
    [3, 8, 3],
    [3, 1, 0],
    [7, 4, 3],
  ] as const) {
    test(`from partition ${partition} to partition ${expected} of ${count}`, () =>
      assert.equal(partitionOf(partition, count), expected))
  }

  test('does not depend on the key: one of a megabyte takes no time', () => {
    const before = process.cpuUsage()
    partitionOf(1, 4, Buffer.alloc(1_048_576, 1))
    assert.ok(process.cpuUsage(before).user < 100_000)
  })

  test('is the partition of the original', () => {
    assert.equal(
      toMessage({ rejected: rejected(0, { partition: 5 }), compressed: false, without: [] }, 's', 't').partition,
      5,
    )
  })
})
