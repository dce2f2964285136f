import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { OffsetLedger, OffsetTracker } from '../../src/ledger/offsets.ts'
import { type Position } from '../../src/model/record.ts'
import { seeded } from '../../rig/load/random.ts'
import { record } from '../records.ts'

/** A tracker with these offsets read. */
const tracking = (...offsets: readonly number[]): OffsetTracker => {
  const tracker = new OffsetTracker()
  offsets.forEach((offset, sequence) => tracker.read(sequence, offset))
  return tracker
}

describe('the tracker of one partition', () => {
  test('has nothing to commit while the first record is not settled', () => {
    const tracker = tracking(10, 11, 12)
    tracker.settle(1)
    tracker.settle(2)
    assert.equal(tracker.next, undefined)
  })

  const settlements = [
    [[0], 11],
    [[0, 1], 12],
    [[1, 0], 12],
    [[0, 2], 11],
    [[2, 1, 0], 13],
    [[0, 2, 1], 13],
  ] as const
  for (const [sequences, next] of settlements) {
    test(`of offsets 10, 11, 12 with ${sequences.join(', ')} settled in this order commits ${next}`, () => {
      const tracker = tracking(10, 11, 12)
      sequences.forEach(sequence => tracker.settle(sequence))
      assert.equal(tracker.next, next)
    })
  }

  test('skips gaps that compaction and transactions leave between offsets', () => {
    const tracker = tracking(10, 500, 7_000_000_000)
    tracker.settle(0)
    assert.equal(tracker.next, 11)
    tracker.settle(1)
    assert.equal(tracker.next, 501)
    tracker.settle(2)
    assert.equal(tracker.next, 7_000_000_001)
  })

  test('keeps the order when a wrapped ring buffer grows', () => {
    const tracker = new OffsetTracker()
    for (let sequence = 0; sequence < 1000; sequence += 1) tracker.read(sequence, sequence * 2)
    for (let sequence = 0; sequence < 900; sequence += 1) tracker.settle(sequence)
    for (let sequence = 1000; sequence < 6000; sequence += 1) tracker.read(sequence, sequence * 2)
    for (let sequence = 5999; sequence > 900; sequence -= 1) tracker.settle(sequence)
    assert.equal(tracker.next, 1799)
    tracker.settle(900)
    assert.equal(tracker.next, 11_999)
  })

  const mistakes: [name: string, mistake: (tracker: OffsetTracker) => void][] = [
    ['a record settled twice', tracker => tracker.settle(1)],
    ['a record settled twice, long ago', tracker => tracker.settle(0)],
    ['a record settled that was never read', tracker => tracker.settle(4)],
    ['a record read twice', tracker => tracker.read(3, 13)],
    ['a record left out', tracker => tracker.read(5, 15)],
  ]
  for (const [name, mistake] of mistakes) {
    test(`detects ${name}`, () => {
      const tracker = tracking(10, 11, 12, 13)
      tracker.settle(0)
      tracker.settle(1)
      assert.throws(() => mistake(tracker), { message: /was (settled twice or never read|read, but)/ })
    })
  }

  test('detects a record that is settled twice out of order', () => {
    const tracker = tracking(10, 11)
    tracker.settle(1)
    assert.throws(() => tracker.settle(1), { message: 'record 1 was settled twice or never read' })
  })

  test('agrees with a simple model for any order', () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 120 })
    fc.assert(
      fc.property(gaps, fc.infiniteStream(fc.nat()), (steps, choices) => {
        const tracker = new OffsetTracker()
        const all: { offset: number; settled: boolean }[] = []
        const settleOne = (): void => {
          const open = [...all.keys()].filter(sequence => all[sequence]?.settled === false)
          const sequence = open[(choices.next().value as number) % Math.max(open.length, 1)]
          const entry = all[sequence ?? -1]
          if (sequence === undefined || entry === undefined) return
          entry.settled = true
          tracker.settle(sequence)
          const first = all.findIndex(({ settled }) => !settled)
          const before = first === -1 ? all.at(-1) : all[first - 1]
          assert.equal(tracker.next, before === undefined ? undefined : before.offset + 1)
        }
        for (const gap of steps) {
          all.push({ offset: (all.at(-1)?.offset ?? 0) + gap, settled: false })
          tracker.read(all.length - 1, all.at(-1)?.offset ?? 0)
          for (let times = (choices.next().value as number) % 3; times > 0; times -= 1) settleOne()
        }
        while (all.some(({ settled }) => !settled)) settleOne()
      }),
    )
  })

  test('agrees with the model for thousands in flight', () => {
    const random = seeded(11)
    const tracker = new OffsetTracker()
    const open: number[] = []
    let read = 0
    for (let step = 0; step < 60_000; step += 1) {
      if (read < 30_000 && random.next() < 0.55) {
        tracker.read(read, read + 100)
        open.push(read)
        read += 1
      } else if (open.length > 0) {
        const index = random.below(open.length)
        tracker.settle(open[index] ?? -1)
        open[index] = open.at(-1) ?? -1
        open.pop()
      }
      if (step % 500 === 0) {
        const oldest = open.reduce((least, sequence) => Math.min(least, sequence), read)
        assert.equal(tracker.next, oldest === 0 ? undefined : oldest + 100)
      }
    }
  })
})

/** The record at this offset, read in an assignment that starts at offset `start`. */
const reading = (offset: number, assignment: number, start = 0, partition = 0) =>
  record(offset, { partition, assignment, sequence: offset - start })

describe('the ledger of offsets', () => {
  test('returns the committable offset of each partition until it is committed', () => {
    const ledger = new OffsetLedger()
    const [a, b, c] = [reading(0, 1), reading(7, 1, 7, 1), reading(1, 1)]
    for (const record of [a, b, c]) ledger.read(record)
    assert.deepEqual(ledger.committable(), [])
    ledger.settle(a)
    ledger.settle(b)
    const due: Position[] = [
      { partition: 0, offset: 1, assignment: 1 },
      { partition: 1, offset: 8, assignment: 1 },
    ]
    assert.deepEqual(ledger.committable(), due)
    assert.deepEqual(ledger.committable(), due)
    ledger.committed(due)
    assert.deepEqual(ledger.committable(), [])
    ledger.settle(c)
    assert.deepEqual(ledger.committable(), [{ partition: 0, offset: 2, assignment: 1 }])
  })

  test('ignores what an earlier assignment settles', () => {
    const ledger = new OffsetLedger()
    const old = [reading(5, 1, 5), reading(6, 1, 5)] as const
    const anew = [reading(5, 2, 5), reading(6, 2, 5)] as const
    for (const record of [...old, ...anew]) ledger.read(record)
    ledger.settle(old[0])
    ledger.settle(old[1])
    assert.deepEqual(ledger.committable(), [])
    ledger.settle(anew[0])
    assert.deepEqual(ledger.committable(), [{ partition: 0, offset: 6, assignment: 2 }])
  })

  test('commits from the start of each assignment, even below the last committed offset', () => {
    const ledger = new OffsetLedger()
    const [old, anew] = [reading(50, 1, 50), reading(20, 2, 20)]
    ledger.read(old)
    ledger.settle(old)
    ledger.committed(ledger.committable())
    ledger.read(anew)
    assert.deepEqual(ledger.committable(), [])
    ledger.settle(anew)
    assert.deepEqual(ledger.committable(), [{ partition: 0, offset: 21, assignment: 2 }])
  })

  test('does not confuse commits of different assignments', () => {
    const ledger = new OffsetLedger()
    const [old, anew] = [reading(5, 1, 5), reading(5, 2, 5)]
    ledger.read(old)
    ledger.settle(old)
    const due = ledger.committable()
    ledger.read(anew)
    ledger.settle(anew)
    ledger.committed(due)
    assert.deepEqual(ledger.committable(), [{ partition: 0, offset: 6, assignment: 2 }])
  })

  test('keeps partitions of different assignments apart', () => {
    const ledger = new OffsetLedger()
    const [kept, moved, again] = [reading(3, 1, 3, 0), reading(9, 1, 9, 1), reading(9, 2, 9, 1)]
    for (const record of [kept, moved, again]) ledger.read(record)
    ledger.settle(kept)
    ledger.settle(moved)
    assert.deepEqual(ledger.committable(), [{ partition: 0, offset: 4, assignment: 1 }])
  })

  test('commits nothing of an ended assignment, and keeps later ones', () => {
    const ledger = new OffsetLedger()
    const [old, late, anew] = [reading(3, 1, 3, 0), reading(9, 1, 9, 1), reading(20, 2, 20, 0)]
    for (const record of [old, late]) ledger.read(record)
    ledger.settle(old)
    ledger.end(1)
    ledger.settle(late)
    assert.deepEqual(ledger.committable(), [])
    ledger.read(anew)
    ledger.end(1)
    ledger.settle(anew)
    assert.deepEqual(ledger.committable(), [{ partition: 0, offset: 21, assignment: 2 }])
  })

  test('detects a record of this assignment that is settled twice', () => {
    const ledger = new OffsetLedger()
    ledger.read(reading(5, 1, 5))
    ledger.settle(reading(5, 1, 5))
    assert.throws(() => ledger.settle(reading(5, 1, 5)), { message: 'record 0 was settled twice or never read' })
  })

  test('never lets a commit pass a record that its assignment has not settled: 300 random schedules', () => {
    for (let seed = 1; seed <= 300; seed += 1) {
      const random = seeded(seed)
      const ledger = new OffsetLedger()
      const open: ReturnType<typeof reading>[] = []
      const settled = new Set<string>()
      const committed = [0, 0]
      let [assignment, starts, next] = [1, [0, 0], [0, 0]]
      const steps = [
        () => {
          const partition = random.below(2)
          const offset = next[partition] ?? 0
          const record = reading(offset, assignment, starts[partition], partition)
          next[partition] = offset + 1
          ledger.read(record)
          open.push(record)
        },
        () => {
          const [record] = open.splice(random.below(Math.max(open.length, 1)), 1)
          if (record === undefined) return
          ledger.settle(record)
          settled.add(`${record.assignment} ${record.partition} ${record.offset}`)
        },
        () => {
          const due = ledger.committable()
          for (const { partition, offset, assignment: of } of due) {
            // The client drops commits of an earlier assignment.
            if (of !== assignment) continue
            for (let passed = starts[partition] ?? 0; passed < offset; passed += 1) {
              assert.ok(settled.has(`${assignment} ${partition} ${passed}`), `seed ${seed}: ${partition}:${offset}`)
            }
            committed[partition] = offset
          }
          ledger.committed(due)
        },
        () => {
          if (random.next() < 0.8) return
          assignment += 1
          starts = [...committed]
          next = [...committed]
        },
      ]
      for (let step = 0; step < 400; step += 1) random.pick(steps)()
    }
  })
})
