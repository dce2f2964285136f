import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { of } from 'rxjs'
import { flatten, type WriteOrder } from '../../src/operators/flatten.ts'
import { type PackedChange } from '../../src/model/change.ts'
import { type Accepted, type KafkaRecord, type Parsed } from '../../src/model/record.ts'
import { InvalidEvent } from '../../src/stream/invalid-event.ts'
import { remove, upsert } from '../../src/stream/definition.ts'
import { marbles, idlesUntilValues } from '../marbles.ts'
import { pack, record, rejected } from '../records.ts'

const parsed = (offset: number, event: unknown, over: Partial<KafkaRecord> = {}): Parsed => ({
  kind: 'parsed',
  record: record(offset, over),
  event,
})

const written = pack(upsert({ p: 'P', r: 'r', a: '1' }, 0))
const removed = pack(remove({ p: 'P', r: 'r' }, 0))
const wrong = new InvalidEvent('bad-date', 'x')

/** A stream whose events contain the change that they make. */
const stream = {
  flatten: (event: unknown) => {
    if (event instanceof Error) throw event
    return event as PackedChange
  },
}

describe('flatten', () => {
  idlesUntilValues(() => flatten(stream, 'read'), parsed(0, written))

  test(
    'emits the change of each event, synchronously and in order',
    marbles(({ hot, expectObservable }) => {
      const [a, b] = [parsed(0, written), parsed(1, removed)]
      const source = hot('                                          -a-b-|', { a, b })
      expectObservable(source.pipe(flatten(stream, 'read'))).toBe(' -a-b-|', {
        a: { kind: 'accepted', record: a.record, change: written, writeTimestamp: 1_000_000 },
        b: { kind: 'accepted', record: b.record, change: removed, writeTimestamp: 1_000_001 },
      })
    }),
  )

  test(
    'rejects what the stream rejects, and passes on rejected records',
    marbles(({ hot, expectObservable }) => {
      const [a, b] = [parsed(0, wrong), rejected(1)]
      const source = hot('                                          -ab-|', { a, b })
      expectObservable(source.pipe(flatten(stream, 'read'))).toBe(' -ab-|', {
        a: { kind: 'rejected', stage: 'flatten', reason: 'bad-date', message: 'x', record: a.record },
        b,
      })
    }),
  )

  test(
    'fails on any error that is not an InvalidEvent, because it is a bug',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const bug = new RangeError('a bug')
      const source = cold('               01-2|', { 0: parsed(0, wrong), 1: parsed(1, bug), 2: parsed(2, written) })
      const flat = source.pipe(flatten(stream, 'read'))
      const rejection = { kind: 'rejected', record: record(0), stage: 'flatten', reason: 'bad-date', message: 'x' }
      expectObservable(flat).toBe('       a#', { a: rejection }, bug)
      expectSubscriptions(source.subscriptions).toBe('^!')
    }),
  )

  const timestampOf = (
    order: WriteOrder,
    eventTime: number,
    over: Partial<KafkaRecord>,
    offset = 0,
  ): number | undefined => {
    let given: Accepted | undefined
    of(parsed(offset, { ...written, eventTime }, over))
      .pipe(flatten(stream, order))
      .subscribe(item => {
        if (item.kind === 'accepted') given = item
      })
    return given?.writeTimestamp
  }

  const orders = [
    ['read', 'is the time of the read, whatever time the event has', 50, 9, 1_234_567],
    ['event', "is the event's own time, in microseconds", 50, 0, 50_000],
    ['event', 'lets the offset decide within a millisecond', 50, 3_041, 50_410],
    ['event', 'is never later than the record itself', 7_000, 12, 2_000_120],
  ] as const
  for (const [order, does, eventTime, offset, expected] of orders) {
    test(`a write timestamp ordered by ${order} ${does}`, () => {
      const over = { timestamp: 2_000, writeTimestamp: 1_234_567 }
      assert.equal(timestampOf(order, eventTime, over, offset), expected)
    })
  }
})
