import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Fault } from '../../src/model/faults.ts'
import { noLeader } from '../../src/kafka/cluster.ts'
import { locate, locateAnew } from '../../src/kafka/locate.ts'
import { lookForSkip } from '../../src/kafka/look-for-skip.ts'
import { type AutoOffsetReset } from '../../src/kafka/positions.ts'
import { SteppedTime } from '../stepped-time.ts'
import { FakeGroup, protocolError, unreachable } from './fake-member.ts'

const unexpected = (): never => assert.fail('a search sends nothing to the member')
const events = {
  ...{ joining: unexpected, joined: unexpected, confirmed: unexpected, toFetch: unexpected },
  ...{ fetched: unexpected, leaderless: unexpected, crashed: unexpected },
}

/** Locates positions in a group with these committed offsets. The partitions have records from 10 to 100. */
const searching = (offsetReset: AutoOffsetReset, ...committed: readonly number[]) => {
  const time = new SteppedTime()
  const group = new FakeGroup(committed.length)
  for (const [partition, offset] of committed.entries()) {
    group.committed.set(partition, offset)
    group.bounds.set(partition, { low: 10, high: 100 })
  }
  const { journal } = group
  /** The last entry of the journal at each call of begun(). */
  const begun: (string | undefined)[] = []
  const found = {
    begun: () => void begun.push(journal.at(-1)),
    located: (partition: number, start: { offset: number }, end: number) =>
      void journal.push(`${partition} from ${start.offset} of ${end}`),
    unavailable: (partition: number, offset: number, why: string) =>
      void journal.push(`${partition} waits at ${offset}: ${why}`),
  }
  const watch = {
    faulted: ({ message }: Fault) => void journal.push(`fault: ${message}`),
    over: () => void journal.push('over'),
  }
  const retrying = { backoff: { firstMs: 4, capMs: 16 }, watch, clock: time.wall, random: () => 0 }
  const member = group.open(events, () => time.now())
  const locating = { member, offsetReset, events: found, retrying }
  const outcome = { ended: false, error: undefined as unknown }
  const observer = {
    complete: () => void (outcome.ended = true),
    error: (error: unknown) => void (outcome.error = error),
  }
  const join = (isLeader = true) => ({
    partitions: [...committed.keys()],
    isLeader,
    commit: (positions: readonly { partition: number; offset: number }[]) =>
      group.answer('commit', () => {
        journal.push(`pins ${positions.map(({ partition, offset }) => `${partition}:${offset}`).join(' ')}`)
        for (const { partition, offset } of positions) group.committed.set(partition, offset)
      }),
  })
  const search = (isLeader = true) => locate(locating, join(isLeader)).subscribe(observer)
  return { time, group, journal, begun, locating, observer, outcome, search }
}

describe('the position of a partition', () => {
  test('is its committed offset, which is not committed again', async () => {
    const { time, journal, outcome, search } = searching('latest', 50, 60)
    search()
    await time.settle()
    assert.deepEqual(journal, ['0 from 50 of 100', '1 from 60 of 100'])
    assert.equal(outcome.ended, true)
  })

  test('is the earliest offset in a new group with earliest, committed before it is read', async () => {
    const { time, journal, search } = searching('earliest', -1, -1)
    search()
    await time.settle()
    assert.deepEqual(journal, ['pins 0:10 1:10', '0 from 10 of 100', '1 from 10 of 100'])
  })

  test('is the end in a new group with latest, committed before it is read', async () => {
    const { time, journal, begun, search } = searching('latest', -1, -1)
    search()
    await time.settle()
    assert.deepEqual(journal, ['pins 0:100 1:100', '0 from 100 of 100', '1 from 100 of 100'])
    assert.deepEqual(begun, ['pins 0:100 1:100'])
  })

  test('is unknown while the end cannot be committed', async () => {
    const { time, group, journal, begun, search } = searching('latest', -1)
    group.errors.commit.push(protocolError('REBALANCE_IN_PROGRESS'))
    search()
    await time.settle()
    assert.deepEqual(journal, ['fault: the broker says REBALANCE_IN_PROGRESS'])
    assert.deepEqual(begun, [], 'the group must not have a start before its first offsets are committed')
    await time.advance(16)
    assert.deepEqual(journal.slice(1), ['pins 0:100', '0 from 100 of 100', 'over'])
  })

  test('is looked up by the leader of a new group; other members wait', async () => {
    const { time, group, journal, search } = searching('latest', -1, -1)
    search(false)
    await time.settle()
    assert.deepEqual(journal, ['fault: the group leader has not committed the first offsets of the group yet'])
    group.committed.set(0, 80)
    group.committed.set(1, 90)
    await time.advance(16)
    assert.deepEqual(journal.slice(1), ['0 from 80 of 100', '1 from 90 of 100', 'over'])
  })

  test('is the earliest offset if the partition was added later, regardless of the setting', async () => {
    const { time, group, journal, search } = searching('latest', 50, -1)
    group.bounds.set(1, { low: 0, high: 7 })
    search()
    await time.settle()
    assert.deepEqual(journal, ['pins 1:0', '0 from 50 of 100', '1 from 0 of 7'])
  })

  test('is the earliest offset if retention has passed the committed one', async () => {
    const { time, journal, search } = searching('latest', 3)
    search()
    await time.settle()
    assert.deepEqual(journal, ['0 from 10 of 100'])
  })

  test('is found while another partition without a leader waits', async () => {
    const { time, group, journal, outcome, search } = searching('earliest', 50, 60)
    group.bounds.set(0, undefined)
    search()
    await time.settle()
    assert.deepEqual(journal, [`0 waits at 50: ${noLeader}`, '1 from 60 of 100'])
    assert.equal(outcome.ended, false)
    group.bounds.set(0, { low: 10, high: 100 })
    await time.advance(16)
    assert.deepEqual(journal.at(-1), '0 from 50 of 100')
    assert.equal(outcome.ended, true)
  })

  describe('of a partition without a leader in a new group with latest', () => {
    const withoutLeader = () => {
      const found = searching('latest', -1, -1)
      found.time.skewMs = now
      found.group.bounds.set(0, undefined)
      return found
    }
    const now = 1_790_000_000_000
    // What producers could not send meanwhile is older than the pin.
    const from = now - 120_000

    test('is the first offset with a timestamp of two minutes before the start, or later', async () => {
      const { time, group, journal, search } = withoutLeader()
      search()
      await time.settle()
      assert.deepEqual(journal, [`pins 0:${-from} 1:100`, `0 waits at -1: ${noLeader}`, '1 from 100 of 100'])
      group.bounds.set(0, { low: 10, high: 120 })
      group.timed.push({ partition: 0, offset: 99, time: from - 1 }, { partition: 0, offset: 103, time: from })
      await time.advance(16)
      assert.deepEqual(journal.slice(-2), ['pins 0:103', '0 from 103 of 120'])
    })

    test('is the end, if no record is that late', async () => {
      const { time, group, journal, search } = withoutLeader()
      search()
      await time.settle()
      group.bounds.set(0, { low: 10, high: 100 })
      group.timed.push({ partition: 0, offset: 99, time: from - 1 })
      await time.advance(16)
      assert.deepEqual(journal.slice(-2), ['pins 0:100', '0 from 100 of 100'])
    })

    test('is the same if another process has pinned it', async () => {
      const { time, group, journal, search } = searching('latest', -from, 60)
      group.timed.push({ partition: 0, offset: 70, time: from + 5 })
      search(false)
      await time.settle()
      assert.deepEqual(journal, ['pins 0:70', '0 from 70 of 100', '1 from 60 of 100'])
    })
  })

  test('is found while another partition has an error', async () => {
    const { time, group, journal, search } = searching('earliest', 50, 60)
    group.errors.bounds.push(protocolError('NOT_LEADER_FOR_PARTITION'))
    search()
    await time.settle()
    assert.deepEqual(journal, ['0 waits at 50: the broker says NOT_LEADER_FOR_PARTITION', '1 from 60 of 100'])
    await time.advance(16)
    assert.deepEqual(journal.at(-1), '0 from 50 of 100')
  })

  test('is requested forever, as a member of the group, while Kafka fails', async () => {
    const { time, group, journal, outcome, search } = searching('earliest', 50)
    for (let time = 0; time < 20; time += 1) group.errors.committed.push(unreachable())
    search()
    await time.advance(16 * 21)
    assert.deepEqual(journal.slice(-2), ['0 from 50 of 100', 'over'])
    assert.equal(outcome.ended, true)
  })

  test('ends with a bug of ours', async () => {
    const { time, group, outcome, search } = searching('earliest', 50)
    group.errors.committed.push(new TypeError('a bug'))
    search()
    await time.settle()
    assert.match(String(outcome.error), /a bug/)
  })

  test('needs no request for a member without partitions', async () => {
    const { time, journal, begun, outcome, search } = searching('latest')
    search()
    await time.settle()
    assert.deepEqual([journal, begun, outcome.ended], [[], [undefined], true])
  })

  for (const partitions of [[], [0]]) {
    test(`is not looked up while the assignment of ${partitions.length} partitions has a fault, which is over with it`, async () => {
      const { time, journal, begun, locating, outcome, observer } = searching('latest', 50)
      const fault = new Fault('misconfigured', 'a shared group')
      const commit = () => assert.fail('nothing is committed')
      const running = locate(locating, { partitions, isLeader: true, fault, commit }).subscribe(observer)
      await time.settle()
      assert.deepEqual(journal, ['fault: a shared group'])
      running.unsubscribe()
      await time.advance(100)
      assert.deepEqual([journal.slice(1), begun, outcome], [['over'], [], { ended: false, error: undefined }])
    })
  }

  test('is not requested after the assignment has ended', async () => {
    const { time, group, journal, search } = searching('earliest', 50)
    group.errors.committed.push(unreachable())
    const running = search()
    await time.settle()
    running.unsubscribe()
    await time.advance(100)
    assert.deepEqual(journal.slice(1), ['over'])
  })
})

describe('a partition whose position is out of range', () => {
  test('is read from the earliest offset', async () => {
    const { time, journal, locating, observer, outcome } = searching('latest', 5)
    locateAnew(locating, 0, 5).subscribe(observer)
    await time.settle()
    assert.deepEqual([journal, outcome.ended], [['0 from 10 of 100'], true])
  })

  test('waits alone while it has no leader', async () => {
    const { time, group, journal, locating, observer, outcome } = searching('latest', 5)
    group.bounds.set(0, undefined)
    locateAnew(locating, 0, 5).subscribe(observer)
    await time.settle()
    assert.deepEqual(journal, [`0 waits at 5: ${noLeader}`])
    group.bounds.set(0, { low: 10, high: 100 })
    await time.advance(16)
    assert.deepEqual([journal.at(-1), outcome.ended], ['0 from 10 of 100', true])
  })
})

describe('a record batch that cannot be decoded', () => {
  for (const [committed, journal] of [
    [5, []],
    [7, []],
    [9, ['0 from 9 of 20']],
  ] as const) {
    test(`at offset 7, when ${committed} is committed: ${journal.length === 0 ? 'waits' : 'was skipped'}`, async () => {
      const search = searching('latest', committed)
      lookForSkip(search.locating, 0, 7, 20).subscribe(search.observer)
      await search.time.settle()
      assert.deepEqual([search.journal, search.outcome], [journal, { ended: true, error: undefined }])
    })
  }

  test('waits if Kafka does not return the committed offset', async () => {
    const { time, group, journal, locating, observer, outcome } = searching('latest', 9)
    group.errors.committed.push(unreachable())
    lookForSkip(locating, 0, 7, 20).subscribe(observer)
    await time.settle()
    assert.deepEqual([journal, outcome], [[], { ended: true, error: undefined }])
  })
})
