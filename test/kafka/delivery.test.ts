import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Assignment } from '../../src/kafka/assignment.ts'
import { Delivery } from '../../src/kafka/delivery.ts'
import { type Taken } from '../../src/kafka/fetch/fetched.ts'
import { Membership } from '../../src/kafka/membership.ts'
import { type KafkaRecord } from '../../src/model/record.ts'
import { SteppedTime } from '../stepped-time.ts'
import { batch, FakeBatches, fetched, message, undecodable } from './batches.ts'

const limits = { maxBytes: 1_000_000, maxBytesPerPartition: 1_000_000, maxWaitMs: 100 }

/** A delivery of partitions 0 and 1, both read from offset 0, by a member with a session of 60 ms. */
const delivering = () => {
  const time = new SteppedTime()
  const elapsed = (): number => time.now()
  const records: KafkaRecord[] = []
  const told: string[] = []
  const membership = new Membership(60, elapsed)
  membership.confirmed(0)
  const hooks: { next: (record: KafkaRecord) => void } = { next: () => undefined }
  const delivery = new Delivery(
    {
      next: record => {
        records.push(record)
        hooks.next(record)
      },
      drained: () => void told.push('drained'),
      reached: (partition, position, end) => void told.push(`${partition} is at ${position} of ${end}`),
      undecodable: (partition, { offset }) => void told.push(`${partition}:${offset} is undecodable`),
      unconfirmed: () => void told.push('unconfirmed'),
    },
    membership,
    { clock: time.wall, elapsed, retryMs: 5000 },
  )
  let number = 0
  const assign = (): Assignment => {
    number += 1
    const assignment = new Assignment(number, [0, 1], limits, elapsed)
    for (const partition of [0, 1]) assignment.locate(partition, 0, 100)
    delivery.assign(assignment)
    return assignment
  }
  const take = (assignment: Assignment, partition: number, from: number, ...taken: Taken[]): void => {
    assert.equal(assignment.take(fetched(partition, from, taken, { end: 50 })), 'take')
  }
  const offsets = (): string => records.map(({ partition, offset }) => `${partition}:${offset}`).join(' ')
  return { time, records, told, membership, hooks, delivery, assign, take, offsets, assignment: assign() }
}

describe('a delivery', () => {
  test('delivers a record batch of each partition in turn', async () => {
    const { delivery, assignment, take, offsets } = delivering()
    take(assignment, 0, 0, batch(0, 2), batch(2, 4))
    take(assignment, 1, 0, batch(0, 1), batch(1, 2))
    await delivery.deliver()
    assert.equal(offsets(), '0:0 0:1 1:0 0:2 0:3 1:1')
  })

  test('numbers the records of each partition, and assigns rising write timestamps', async () => {
    const { delivery, assignment, take, records, time } = delivering()
    time.skewMs = 7
    take(assignment, 0, 0, batch(0, 3, [message(0), message(2)]))
    take(assignment, 1, 0, batch(0, 1))
    await delivery.deliver()
    assert.deepEqual(
      records.map(({ partition, sequence, assignment: number, writeTimestamp }) => {
        return [partition, sequence, number, writeTimestamp]
      }),
      [
        [0, 0, 1, 7000],
        [0, 1, 1, 7010],
        [1, 0, 1, 7011],
      ],
    )
  })

  test('includes headers and overhead in the bytes of a record', async () => {
    const { delivery, assignment, take, records } = delivering()
    take(assignment, 0, 0, batch(0, 1, [message(0, { bytes: 900_000 })]))
    await delivery.deliver()
    assert.equal(records[0]?.bytes, 900_512)
  })

  test('advances the position past control records without a delivery', async () => {
    const { delivery, assignment, take, told, offsets } = delivering()
    take(assignment, 0, 0, batch(0, 6, []))
    await delivery.deliver()
    assert.equal(offsets(), '')
    assert.deepEqual(told, ['0 is at 6 of 50', 'drained'])
    assert.equal(assignment.lane(0)?.position, 6)
  })

  test('stops in the middle of a batch, and continues with the next record', async () => {
    const { delivery, assignment, take, hooks, told, offsets } = delivering()
    hooks.next = ({ offset }) => (delivery.paused = offset === 1)
    take(assignment, 0, 0, batch(0, 4))
    take(assignment, 1, 0, batch(0, 1))
    await delivery.deliver()
    assert.equal(offsets(), '0:0 0:1')
    assert.equal(assignment.lane(0)?.position, 2)
    assert.deepEqual(told, ['0 is at 2 of 50'])
    await delivery.deliver()
    assert.equal(offsets(), '0:0 0:1')
    delivery.paused = false
    await delivery.deliver()
    assert.equal(offsets(), '0:0 0:1 0:2 0:3 1:0')
  })

  test('that is paused at the last record of a batch has delivered the batch', async () => {
    const { delivery, assignment, take, hooks } = delivering()
    hooks.next = ({ offset }) => (delivery.paused = offset === 3)
    take(assignment, 0, 0, batch(0, 4), batch(6, 8))
    await delivery.deliver()
    assert.equal(assignment.lane(0)?.position, 4)
    assert.equal(assignment.lane(0)?.ready, undefined)
  })

  test('that is paused decodes nothing', async () => {
    const { delivery, assignment, take } = delivering()
    delivery.paused = true
    take(assignment, 0, 0, batch(0, 4))
    await delivery.deliver()
    assert.equal(assignment.lane(0)?.batches?.bytesLeft, 100)
  })

  test('holds a partition at a batch that cannot be decoded, and continues with the other', async () => {
    const { delivery, assignment, take, told, offsets, time } = delivering()
    take(assignment, 0, 0, batch(0, 2), undecodable(2), batch(3, 5))
    take(assignment, 1, 0, batch(0, 1), batch(1, 2))
    await delivery.deliver()
    assert.equal(offsets(), '0:0 0:1 1:0 1:1')
    assert.ok(told.includes('0:2 is undecodable'))
    assert.equal(assignment.toFetch([0]), undefined)
    await time.advance(5000)
    assert.deepEqual(assignment.toFetch([0])?.partitions, [{ partition: 0, fetchOffset: 2 }])
  })

  test('delivers a batch once it can be decoded', async () => {
    const { delivery, assignment, take, offsets } = delivering()
    take(assignment, 0, 0, undecodable(0))
    await delivery.deliver()
    take(assignment, 0, 0, batch(0, 2))
    await delivery.deliver()
    assert.equal(offsets(), '0:0 0:1')
  })

  test('delivers nothing while the membership is not confirmed, and everything after the next heartbeat', async () => {
    const { delivery, assignment, take, told, offsets, time, membership } = delivering()
    take(assignment, 0, 0, batch(0, 2))
    await time.advance(30)
    await delivery.deliver()
    assert.deepEqual([offsets(), told], ['', ['unconfirmed']])
    membership.confirmed(30)
    await delivery.deliver()
    assert.equal(offsets(), '0:0 0:1')
  })

  test('delivers nothing after a suspension during decoding', async () => {
    const { delivery, assignment, told, offsets, time } = delivering()
    const decoding = (): Promise<void> => time.advance(3_600_000)
    assignment.take(fetched(0, 0, new FakeBatches([batch(0, 2)], 100, decoding)))
    await delivery.deliver()
    assert.deepEqual([offsets(), told], ['', ['unconfirmed']])
  })

  test('delivers nothing of an assignment that ends during decoding, and everything of the next', async () => {
    const { delivery, assignment, assign, take, records, offsets } = delivering()
    const decoding = (): Promise<void> => {
      take(assign(), 1, 0, batch(0, 1))
      return Promise.resolve()
    }
    assignment.take(fetched(0, 0, new FakeBatches([batch(0, 2)], 100, decoding)))
    await delivery.deliver()
    assert.equal(offsets(), '1:0')
    assert.equal(records[0]?.assignment, 2)
    assert.equal(assignment.lane(0)?.position, 0)
  })

  test('ends when another join begins, and delivers nothing of the old assignment after it', async () => {
    const { delivery, assignment, assign, take, offsets } = delivering()
    delivery.assign(undefined)
    take(assignment, 0, 0, batch(0, 2))
    await delivery.deliver()
    assign()
    await delivery.deliver()
    assert.equal(offsets(), '')
  })

  test('yields to heartbeats and responses after 30 ms', async () => {
    const { delivery, assignment, take, offsets, time, membership, hooks } = delivering()
    hooks.next = () => {
      time.frame += 10
      membership.confirmed(time.now())
    }
    take(assignment, 0, 0, ...Array.from({ length: 5 }, (_, offset) => batch(offset, offset + 1)))
    const delivered = delivery.deliver()
    await time.settle()
    assert.equal(offsets(), '0:0 0:1 0:2')
    await time.advance(1)
    await delivered
    assert.equal(offsets(), '0:0 0:1 0:2 0:3 0:4')
  })

  test('runs once, however often it is called', async () => {
    const { delivery, assignment, take, offsets } = delivering()
    take(assignment, 0, 0, batch(0, 2), batch(2, 4))
    await Promise.all([delivery.deliver(), delivery.deliver(), delivery.deliver()])
    assert.equal(offsets(), '0:0 0:1 0:2 0:3')
  })

  test('delivers data that arrives at the moment when it ends', async () => {
    const { delivery, assignment, take, offsets } = delivering()
    const delivered = delivery.deliver()
    take(assignment, 0, 0, batch(0, 2))
    await Promise.all([delivered, delivery.deliver()])
    assert.equal(offsets(), '0:0 0:1')
  })

  test('continues if it is resumed at the moment when it stops', async () => {
    const { delivery, assignment, take, hooks, offsets, time } = delivering()
    hooks.next = ({ offset }) => {
      if (offset !== 1) return
      delivery.paused = true
      queueMicrotask(() => {
        delivery.paused = false
        void delivery.deliver()
      })
    }
    take(assignment, 0, 0, batch(0, 4))
    await delivery.deliver()
    await time.settle()
    assert.equal(offsets(), '0:0 0:1 0:2 0:3')
  })

  test('passes on an error of the receiver, and can be called again', async () => {
    const { delivery, assignment, take, hooks } = delivering()
    hooks.next = () => {
      throw new TypeError('a bug')
    }
    take(assignment, 0, 0, batch(0, 2))
    await assert.rejects(delivery.deliver(), /a bug/)
    await assert.rejects(delivery.deliver(), /a bug/)
  })
})
