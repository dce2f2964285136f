import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Assignment } from '../../src/kafka/assignment.ts'
import { type FetchRequest } from '../../src/kafka/member.ts'
import { batch, FakeBatches, fetched } from './batches.ts'

const limits = { maxBytes: 1_000_000, maxBytesPerPartition: 400_000, maxWaitMs: 100 }

/** An assignment whose partitions are all read from offset 0. */
const located = (partitions: readonly number[], over = limits) => {
  const time = { now: 0 }
  const assignment = new Assignment(1, partitions, over, () => time.now)
  for (const partition of partitions) assignment.locate(partition, 0, 100)
  const asked = (led: readonly number[] = partitions): number[] | undefined =>
    assignment.toFetch(led)?.partitions.map(({ partition }) => partition)
  return { assignment, time, asked }
}

const lane = (assignment: Assignment, partition: number) => {
  const found = assignment.lane(partition)
  assert.ok(found !== undefined)
  return found
}

const askOf = (assignment: Assignment, led: readonly number[]): FetchRequest => {
  const ask = assignment.toFetch(led)
  assert.ok(ask !== undefined)
  return ask
}

describe('the next fetch', () => {
  test('has the partitions that a broker leads, at their next offsets', () => {
    const { assignment } = located([0, 1, 2])
    assignment.locate(2, 50, 100)
    assert.deepEqual(askOf(assignment, [2, 1, 9]).partitions, [
      { partition: 1, fetchOffset: 0 },
      { partition: 2, fetchOffset: 50 },
    ])
  })

  test('does not exist for a broker that leads none of them', () => {
    assert.equal(located([0]).asked([1]), undefined)
    assert.equal(located([]).asked([0]), undefined)
  })

  test('leaves out a partition without a position', () => {
    const { assignment, asked } = located([0, 1])
    lane(assignment, 0).position = undefined
    assert.deepEqual(asked(), [1])
  })

  test('leaves out a partition with a pending fetch', () => {
    const { assignment, asked } = located([0, 1])
    const ask = askOf(assignment, [0])
    assert.deepEqual(asked(), [1])
    assert.equal(assignment.answered(ask), true)
    assert.deepEqual(asked(), [0])
  })

  test('leaves out a partition with undelivered data', () => {
    const { assignment, asked } = located([0, 1, 2])
    assignment.take(fetched(0, 0, [batch(0, 5)]))
    lane(assignment, 1).ready = { messages: [], next: 0, nextOffset: 5 }
    assert.deepEqual(asked(), [2])
  })

  test('waits while more than half of the bytes of a fetch are buffered', () => {
    const { assignment, asked } = located([0, 1])
    assignment.take(fetched(0, 0, new FakeBatches([batch(0, 5)], 500_001)))
    assert.equal(asked(), undefined)
  })

  test('lets the broker wait only if there is nothing to deliver', () => {
    const { assignment } = located([0, 1])
    assert.equal(askOf(assignment, [0]).maxWaitMs, 100)
    assignment.take(fetched(0, 0, [batch(0, 5)]))
    assert.equal(askOf(assignment, [1]).maxWaitMs, 0)
  })

  for (const [count, share] of [
    [1, 400_000],
    [4, 250_000],
    [100, 65_536],
  ] as const) {
    test(`shares its bytes among ${count} partitions: ${share} each`, () => {
      const { assignment } = located([...Array(count).keys()])
      const ask = askOf(assignment, assignment.partitions)
      assert.deepEqual([ask.maxBytes, ask.maxBytesPerPartition], [1_000_000, share])
    })
  }

  test('starts with the least recently served partitions', () => {
    const { assignment, asked } = located([0, 1, 2])
    const ask = askOf(assignment, [0, 1, 2])
    assignment.answered(ask)
    // The broker had room for two of three.
    for (const partition of [0, 1]) {
      assignment.take(fetched(partition, 0, [batch(0, 5)]))
      lane(assignment, partition).batches = undefined
    }
    assert.deepEqual(asked(), [2, 0, 1])
  })

  test('keeps the turn of a partition without new data, or whose fetch failed', () => {
    const { assignment, asked, time } = located([0, 1])
    assignment.take(fetched(0, 0))
    assignment.take(fetched(0, 0, [], { errorCode: 6 }))
    time.now += 250
    assert.deepEqual(asked(), [0, 1])
  })
})

describe('a response', () => {
  test('is taken once', () => {
    const { assignment } = located([0])
    assert.equal(assignment.take(fetched(0, 0, [batch(0, 5)], { end: 77 })), 'take')
    assert.equal(lane(assignment, 0).end, 77)
    assert.equal(assignment.take(fetched(0, 0, [batch(0, 5)])), 'later')
  })

  test('updates the end even without data', () => {
    const { assignment } = located([0])
    assert.equal(assignment.take(fetched(0, 0, [], { end: 0 })), 'take')
    assert.equal(lane(assignment, 0).end, 0)
    assert.equal(lane(assignment, 0).batches, undefined)
  })

  test('does not advance the position; a delivery does', () => {
    const { assignment } = located([0])
    assignment.take(fetched(0, 0, [batch(0, 5, [])]))
    assert.equal(lane(assignment, 0).position, 0)
  })

  test('from another offset changes nothing', () => {
    const { assignment, asked } = located([0])
    assert.equal(assignment.take(fetched(0, 3, [batch(3, 5)], { end: 5 })), 'later')
    assert.equal(lane(assignment, 0).end, 100)
    assert.deepEqual(asked(), [0])
  })

  test('for a foreign partition is dropped', () => {
    assert.equal(located([0]).assignment.take(fetched(1, 0, [batch(0, 5)])), 'not-ours')
  })

  test('with an error delays the next fetch of its partition by 250 ms, but not of the others', () => {
    const { assignment, asked, time } = located([0, 1])
    assert.equal(assignment.take(fetched(0, 0, [], { errorCode: 6 })), 'later')
    const ask = askOf(assignment, [0, 1])
    assert.deepEqual(
      ask.partitions.map(({ partition }) => partition),
      [1],
    )
    time.now += 250
    assert.deepEqual(asked(), [0])
  })

  test('out of range leaves the partition without a position, until one is found', () => {
    const { assignment, asked } = located([0, 1])
    assert.equal(assignment.take(fetched(0, 0, [], { errorCode: 1 })), 'locate')
    assert.deepEqual(asked(), [1])
    assignment.locate(0, 60, 100)
    assert.deepEqual(askOf(assignment, [0]).partitions, [{ partition: 0, fetchOffset: 60 }])
  })

  test('belongs to this assignment once', () => {
    const [one, other] = [located([0]).assignment, located([0]).assignment]
    const ask = askOf(one, [0])
    assert.equal(other.answered(ask), false)
    assert.equal(one.answered(ask), true)
    assert.equal(one.answered(ask), false)
  })
})

describe('the turns of the partitions', () => {
  test('alternate, one record batch each', () => {
    const { assignment } = located([0, 1, 2])
    for (const partition of [0, 1, 2]) assignment.take(fetched(partition, 0, [batch(0, 5), batch(5, 9)]))
    const turns = Array.from({ length: 6 }, () => assignment.turn()?.partition)
    assert.deepEqual(turns, [0, 1, 2, 0, 1, 2])
  })

  test('skip partitions without data', () => {
    const { assignment } = located([0, 1, 2])
    assert.equal(assignment.turn(), undefined)
    assignment.take(fetched(2, 0, [batch(0, 5)]))
    assert.equal(assignment.turn()?.partition, 2)
  })

  test('stay at a decoded batch until it is delivered', () => {
    const { assignment } = located([0, 1])
    for (const partition of [0, 1]) assignment.take(fetched(partition, 0, [batch(0, 5)]))
    lane(assignment, 1).ready = { messages: [], next: 0, nextOffset: 5 }
    assert.equal(assignment.turn()?.partition, 1)
    assert.equal(assignment.turn()?.partition, 1)
  })

  test('leave out a partition on hold, which is fetched again after the delay', () => {
    const { assignment, asked, time } = located([0, 1])
    for (const partition of [0, 1]) assignment.take(fetched(partition, 0, [batch(0, 5)]))
    assignment.hold(lane(assignment, 0), 5000)
    assert.equal(assignment.turn()?.partition, 1)
    assert.equal(asked([0]), undefined)
    time.now += 4999
    assert.equal(asked([0]), undefined)
    time.now += 1
    assert.deepEqual(asked([0]), [0])
  })
})
