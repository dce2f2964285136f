import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { of } from 'rxjs'
import { flatten, type WriteOrder } from '../../src/operators/flatten.ts'
import { type Accepted, type KafkaRecord, type Parsed } from '../../src/model/record.ts'
import { InvalidEvent } from '../../src/stream/invalid-event.ts'
import { upsert } from '../../src/stream/definition.ts'
import { marbles, idlesUntilValues } from '../marbles.ts'
import { letters, record, rejected } from '../records.ts'

const parsed = (offset: number, event: unknown, over: Partial<KafkaRecord> = {}): Parsed => ({
  kind: 'parsed',
  record: record(offset, over),
  event,
})

describe('flatten', () => {
  idlesUntilValues(() => flatten(letters, 'read'), parsed(0, {}))

  test(
    'gives each event on as what it does to the table, in the same moment and in order',
    marbles(({ hot, expectObservable }) => {
      const [a, b] = [parsed(0, { p: 'P', r: 'r', a: '1' }), parsed(1, { p: 'P', r: 'r', gone: true })]
      const source = hot('                                           -a-b-|', { a, b })
      expectObservable(source.pipe(flatten(letters, 'read'))).toBe(' -a-b-|', {
        a: {
          kind: 'accepted',
          record: a.record,
          change: { kind: 'upsert', row: { p: 'P', r: 'r', a: '1' }, eventTime: 0 },
          writeTimestamp: 1_000_000,
        },
        b: {
          kind: 'accepted',
          record: b.record,
          change: { kind: 'remove', key: { p: 'P', r: 'r' }, eventTime: 0 },
          writeTimestamp: 1_000_001,
        },
      })
    }),
  )

  test(
    'rejects what the stream rejects, and leaves alone what was rejected before',
    marbles(({ hot, expectObservable }) => {
      const [a, b, c] = [parsed(0, { p: 1 }), rejected(1), parsed(2, [])]
      const source = hot('                                           -abc-|', { a, b, c })
      const as = { kind: 'rejected', stage: 'flatten', reason: 'wrong-type' }
      expectObservable(source.pipe(flatten(letters, 'read'))).toBe(' -abc-|', {
        a: { ...as, record: a.record, message: 'p: expected text, found a number' },
        b,
        c: { ...as, record: c.record, message: 'the event: expected an object, found an array' },
      })
    }),
  )

  test(
    'ends with an error for anything thrown that is not a InvalidEvent: it is a bug, not a bad message',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const bug = new RangeError('a bug')
      const rules = [
        () => upsert({ p: 'P', r: 'r' }, 0),
        () => {
          throw new InvalidEvent('bad-date', 'x')
        },
        () => {
          throw bug
        },
      ]
      const stream = { flatten: (index: unknown) => rules[index as number]?.() ?? assert.fail() }
      const source = cold('               012-3|', {
        0: parsed(0, 1),
        1: parsed(1, 1),
        2: parsed(2, 2),
        3: parsed(3, 0),
      })
      const flat = source.pipe(flatten(stream, 'read'))
      const as = { kind: 'rejected', stage: 'flatten', reason: 'bad-date', message: 'x' }
      expectObservable(flat).toBe(
        '       ab#',
        { a: { ...as, record: record(0) }, b: { ...as, record: record(1) } },
        bug,
      )
      expectSubscriptions(source.subscriptions).toBe('^-!')
    }),
  )

  const timestampOf = (
    order: WriteOrder,
    eventTime: number,
    over: Partial<KafkaRecord>,
    offset = 0,
  ): number | undefined => {
    const stream = { flatten: () => upsert({ p: 'P', r: 'r' }, eventTime) }
    let given: Accepted | undefined
    of(parsed(offset, {}, over))
      .pipe(flatten(stream, order))
      .subscribe(item => {
        if (item.kind === 'accepted') given = item
      })
    return given?.writeTimestamp
  }

  const orders = [
    ['read', 'is the moment of reading, whatever time the event has', 50, 9, 1_234_567],
    ['event', "is the event's own time, in microseconds", 50, 0, 50_000],
    ['event', 'lets the offset decide within a millisecond', 50, 3_041, 50_041],
    ['event', 'is never later than the record itself', 7_000, 12, 2_000_012],
  ] as const
  for (const [order, does, eventTime, offset, expected] of orders) {
    test(`a write timestamp ordered by ${order} ${does}`, () => {
      const over = { timestamp: 2_000, writeTimestamp: 1_234_567 }
      assert.equal(timestampOf(order, eventTime, over, offset), expected)
    })
  }
})
