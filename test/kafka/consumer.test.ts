import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type ConsumerEvents } from '../../src/kafka/consumer-events.ts'
import { openConsumer } from '../../src/kafka/consumer.ts'
import { noLeader } from '../../src/kafka/cluster.ts'
import { Fault } from '../../src/model/faults.ts'
import { type KafkaRecord, type Position } from '../../src/model/record.ts'
import { SteppedTime } from '../stepped-time.ts'
import { batch, FakeBatches, fetched, undecodable } from './batches.ts'
import { FakeGroup, protocolError, unreachable } from './fake-member.ts'

const settings = {
  sessionTimeoutMs: 60,
  maxRestarts: 2,
  offsetReset: 'earliest',
  fetchMaxBytesPerPartition: 1_000_000,
  backoff: { firstMs: 4, capMs: 16 },
} as const

/** A consumer of a topic with two partitions from 0 to 100, with committed offsets 0 and 50. */
const consuming = () => {
  const time = new SteppedTime()
  const group = new FakeGroup(2)
  group.committed.set(0, 0).set(1, 50)
  const told: string[] = []
  const tell = (what: string): void => void told.push(what)
  const events: ConsumerEvents = {
    assigned: (number, partitions) => tell(`assignment ${number}: ${partitions.join(' ')}`),
    outOfRange: (partition, { offset }) => tell(`${partition} is out of range, from ${offset}`),
    // Positions are reported often; the tests of the delivery verify them.
    reached: () => undefined,
    restarting: ({ message }, attempt, ms) => tell(`crash ${attempt}, again in ${ms}: ${message}`),
    watch: () => ({ faulted: ({ message }) => tell(`fault: ${message}`), over: () => tell('over') }),
    waits: (partition, offset, why) => tell(`${partition} waits at ${offset}: ${why}`),
    goesOn: partition => tell(`${partition} goes on`),
  }
  const consumer = openConsumer(
    group.open,
    settings,
    events,
    time.wall,
    () => 0,
    () => time.now(),
  )
  const records: KafkaRecord[] = []
  const ended: number[] = []
  const outcome = { completed: false, error: undefined as unknown }
  consumer.ended.subscribe(assignment => ended.push(assignment))
  consumer.records.subscribe({
    next: record => records.push(record),
    complete: () => (outcome.completed = true),
    error: (error: unknown) => (outcome.error = error),
  })
  const offsets = (): string => records.map(({ partition, offset }) => `${partition}:${offset}`).join(' ')
  const join = async (partitions: readonly number[] = [0, 1]) => {
    const joined = group.member.join(partitions)
    await time.settle()
    return joined
  }
  const commit = (...positions: readonly Position[]): Promise<readonly Position[]> =>
    Promise.resolve(consumer.commit(positions) as Promise<readonly Position[]>)
  return { time, group, told, consumer, records, offsets, ended, outcome, join, commit }
}

describe('a consumer', () => {
  test('reads each partition from where the group has committed', async () => {
    const { time, group, join, offsets } = consuming()
    await join()
    group.member.fetch(fetched(0, 0, [batch(0, 2)]), fetched(1, 50, [batch(50, 51)]))
    await time.settle()
    assert.equal(offsets(), '0:0 0:1 1:50')
    assert.deepEqual(group.member.ask([0, 1]).partitions, [
      { partition: 0, fetchOffset: 2 },
      { partition: 1, fetchOffset: 51 },
    ])
  })

  test('fetches nothing before it knows where to read', async () => {
    const { time, group } = consuming()
    group.errors.committed.push(unreachable())
    group.member.join([0, 1])
    assert.equal(group.member.events.toFetch([0, 1]), undefined)
    await time.settle()
    assert.equal(group.member.events.toFetch([0, 1]), undefined)
    await time.advance(16)
    assert.equal(group.member.ask([0, 1]).partitions.length, 2)
  })

  test('drops responses for an earlier assignment, even at its own position', async () => {
    const { time, group, join, offsets } = consuming()
    await join()
    const ask = group.member.ask([0])
    await join()
    group.member.events.fetched(ask, [fetched(0, 0, [batch(0, 2)])])
    await time.settle()
    assert.equal(offsets(), '')
    assert.equal(group.member.ask([0]).partitions.length, 1)
  })

  test('reads uncommitted records again after a join, in a new assignment', async () => {
    const { time, group, join, records, ended } = consuming()
    await join()
    group.member.fetch(fetched(0, 0, [batch(0, 2)]))
    await time.settle()
    await join()
    group.member.fetch(fetched(0, 0, [batch(0, 2)]))
    await time.settle()
    const read = records.map(({ assignment, sequence, offset }) => [assignment, sequence, offset])
    assert.deepEqual(read, [
      ...[
        [1, 0, 0],
        [1, 1, 1],
      ],
      ...[
        [2, 0, 0],
        [2, 1, 1],
      ],
    ])
    assert.deepEqual(ended, [0, 1])
  })

  test('delivers nothing during a join', async () => {
    const { time, group, join, offsets } = consuming()
    await join()
    const ask = group.member.ask([0])
    group.member.events.joining()
    group.member.events.fetched(ask, [fetched(0, 0, [batch(0, 2)])])
    group.member.events.confirmed(0)
    await time.settle()
    assert.equal(offsets(), '')
  })

  test('drops decoded records when a join begins', async () => {
    const { time, group, join, offsets } = consuming()
    await join()
    const decoding = (): Promise<void> => {
      group.member.events.joining()
      return Promise.resolve()
    }
    group.member.fetch(fetched(0, 0, new FakeBatches([batch(0, 2)], 100, decoding)))
    await time.settle()
    assert.equal(offsets(), '')
  })

  test('keeps fetched data during a pause, and does not fetch', async () => {
    const { time, group, consumer, join, offsets } = consuming()
    await join()
    const ask = group.member.ask([0])
    consumer.pause()
    group.member.events.fetched(ask, [fetched(0, 0, [batch(0, 2)])])
    await time.settle()
    assert.equal(group.member.events.toFetch([0, 1]), undefined)
    assert.equal(offsets(), '')
    consumer.resume()
    await time.settle()
    assert.equal(offsets(), '0:0 0:1')
  })

  test('requests a heartbeat if its membership is not confirmed, and continues after the response', async () => {
    const { time, group, join, offsets } = consuming()
    await join()
    const ask = group.member.ask([0])
    time.skewMs += 3_600_000
    group.member.events.fetched(ask, [fetched(0, 0, [batch(0, 2)])])
    await time.settle()
    assert.deepEqual([offsets(), group.journal.at(-1)], ['', 'member 1 heartbeat'])
    group.member.events.confirmed(group.member.elapsed())
    await time.settle()
    assert.equal(offsets(), '0:0 0:1')
  })

  test('keeps reading, and does not trust its membership for longer, when the clock is set back by an hour', async () => {
    const { time, group, join, offsets, records } = consuming()
    await join()
    group.member.fetch(fetched(0, 0, [batch(0, 1)]))
    await time.settle()
    time.skewMs -= 3_600_000
    group.member.fetch(fetched(0, 1, [batch(1, 2)]))
    await time.settle()
    assert.equal(offsets(), '0:0 0:1')
    const [first = 0, second = 0] = records.map(({ writeTimestamp }) => writeTimestamp)
    assert.ok(first < second)
    await time.advance(30)
    group.member.fetch(fetched(0, 2, [batch(2, 3)]))
    await time.settle()
    assert.equal(offsets(), '0:0 0:1')
  })

  test('commits and returns positions of the current assignment', async () => {
    const { group, join, commit } = consuming()
    await join()
    const ours = { partition: 0, offset: 2, assignment: 1 }
    assert.deepEqual(await commit({ partition: 1, offset: 9, assignment: 0 }, ours), [ours])
    assert.equal(group.journal.at(-1), 'member 1 commits 0:2')
    await join()
    assert.deepEqual(await commit(ours), [])
  })

  test('commits nothing before it has joined', async () => {
    assert.deepEqual(await consuming().commit({ partition: 0, offset: 2, assignment: 0 }), [])
  })

  test('turns a refused commit into a fault', async () => {
    const { group, join, commit } = consuming()
    await join()
    group.errors.commit.push(protocolError('UNKNOWN_MEMBER_ID'))
    await assert.rejects(commit({ partition: 0, offset: 2, assignment: 1 }), Fault)
  })

  test('continues with another member after a crash, at the committed offsets', async () => {
    const { time, group, told, join, offsets, commit } = consuming()
    await join()
    group.member.fetch(fetched(0, 0, [batch(0, 2)]))
    await time.settle()
    group.member.events.crashed(unreachable())
    // What was read before is still committed, by the member that read it.
    await commit({ partition: 0, offset: 1, assignment: 1 })
    await time.advance(2)
    assert.deepEqual(group.journal, ['member 1 starts', 'member 1 commits 0:1', 'member 2 starts'])
    await join()
    assert.equal(group.journal.at(-1), 'member 1 leaves')
    group.member.fetch(fetched(0, 1, [batch(1, 2)]))
    await time.settle()
    assert.equal(offsets(), '0:0 0:1 0:1')
    assert.ok(told.includes('crash 1, again in 2: ECONNREFUSED'))
  })

  test('delivers nothing from a crashed member', async () => {
    const { time, group, consumer, join, offsets } = consuming()
    await join()
    consumer.pause()
    const ask = group.member.events.toFetch([0])
    assert.equal(ask, undefined)
    consumer.resume()
    const resumed = group.member.ask([0])
    group.member.events.crashed(unreachable())
    group.member.events.fetched(resumed, [fetched(0, 0, [batch(0, 2)])])
    await time.settle()
    assert.equal(offsets(), '')
  })

  test('fails when it is refused too often, and not because its group rebalances', async () => {
    const { time, group, outcome } = consuming()
    for (let crash = 0; crash < 10; crash += 1) {
      group.member.events.crashed(protocolError('REBALANCE_IN_PROGRESS'))
      await time.advance(20)
    }
    assert.equal(outcome.error, undefined)
    for (let crash = 0; crash < 3; crash += 1) {
      group.member.events.crashed(protocolError('GROUP_AUTHORIZATION_FAILED'))
      await time.advance(20)
    }
    assert.match(String(outcome.error), /allow it Read on the group/)
  })

  test('does not fail over months of a quiet topic with a refusal now and then', async () => {
    const { time, group, outcome, join } = consuming()
    for (let month = 0; month < 12; month += 1) {
      await join()
      group.member.fetch(fetched(0, 0), fetched(1, 50))
      group.member.events.crashed(protocolError('CLUSTER_AUTHORIZATION_FAILED'))
      await time.advance(20)
    }
    assert.equal(outcome.error, undefined)
  })

  test('looks up and reports another position if the offset is out of range', async () => {
    const { time, group, told, join } = consuming()
    await join()
    group.bounds.set(0, { low: 30, high: 100 })
    group.member.fetch(fetched(0, 0, [], { errorCode: 1 }))
    await time.settle()
    assert.ok(told.includes('0 is out of range, from 30'))
    assert.deepEqual(group.member.ask([0]).partitions, [{ partition: 0, fetchOffset: 30 }])
  })

  test('lets a partition that cannot be decoded wait alone until an operator skips the batch', async () => {
    const { time, group, told, join, offsets } = consuming()
    await join()
    group.member.fetch(fetched(0, 0, [undecodable(0, 4)]), fetched(1, 50, [batch(50, 51)]))
    await time.settle()
    assert.equal(offsets(), '1:50')
    assert.ok(told.includes('0 waits at 0: cannot decompress'))
    group.committed.set(0, 5)
    await time.advance(5000)
    group.member.events.confirmed(group.member.elapsed())
    group.member.fetch(fetched(0, 0, [undecodable(0, 4)]))
    await time.settle()
    assert.ok(told.includes('0 goes on'))
    await time.advance(5000)
    assert.deepEqual(group.member.ask([0]).partitions, [{ partition: 0, fetchOffset: 5 }])
  })

  test('reports a partition without a leader, which counts as answered', async () => {
    const { group, told, join } = consuming()
    await join()
    group.member.events.leaderless([1])
    assert.equal(told.at(-1), `1 waits at 50: ${noLeader}`)
    group.member.events.leaderless([])
    assert.equal(told.at(-1), '1 goes on')
  })

  test('completes when it is stopped; commits still work, and then it leaves', async () => {
    const { time, group, consumer, outcome, join, offsets, commit } = consuming()
    await join()
    const ask = group.member.ask([0])
    consumer.stop()
    group.member.events.fetched(ask, [fetched(0, 0, [batch(0, 2)])])
    consumer.resume()
    await time.settle()
    assert.deepEqual([outcome.completed, offsets()], [true, ''])
    assert.equal(group.member.events.toFetch([0, 1]), undefined)
    assert.equal((await commit({ partition: 0, offset: 2, assignment: 1 })).length, 1)
    await consumer.close()
    assert.equal(group.journal.at(-1), 'member 1 leaves')
  })

  test('starts no member if it is stopped during the delay after a crash', async () => {
    const { time, group, consumer } = consuming()
    group.member.events.crashed(unreachable())
    consumer.stop()
    await time.advance(100)
    assert.equal(group.members.length, 1)
  })

  test('passes on a bug of ours', async () => {
    const { time, group, outcome } = consuming()
    group.errors.committed.push(new TypeError('a bug'))
    group.member.join([0, 1])
    await time.settle()
    assert.match(String(outcome.error), /a bug/)
  })
})

describe('a pause', () => {
  test('in the middle of a record batch keeps the rest for the resume', async () => {
    const { time, group, consumer, join, records, offsets } = consuming()
    await join()
    const push = records.push.bind(records)
    records.push = (...items) => {
      if (items.some(({ offset }) => offset === 1)) consumer.pause()
      return push(...items)
    }
    group.member.fetch(fetched(0, 0, [batch(0, 4), batch(4, 5)]))
    await time.settle()
    assert.equal(offsets(), '0:0 0:1')
    consumer.resume()
    await time.settle()
    assert.equal(offsets(), '0:0 0:1 0:2 0:3 0:4')
  })
})
