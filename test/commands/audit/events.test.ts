import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { after, describe, test } from 'node:test'
import { Digester } from '../../../src/audit/cells.ts'
import { versionsIn } from '../../../src/audit/entries.ts'
import { judgeLetters, placesIn } from '../../../src/audit/letters.ts'
import { Totals } from '../../../src/audit/result.ts'
import { bucketCount, Spill } from '../../../src/audit/spill.ts'
import { Events } from '../../../src/commands/audit/read-events.ts'
import { Letters } from '../../../src/commands/audit/read-letters.ts'
import { replayedFrom } from '../../../src/commands/dead-letters/replayed.ts'
import { type FetchedMessage } from '../../../src/kafka/fetch/fetched.ts'
import { deadLetterHeaders, replayHeader } from '../../../src/kafka/headers.ts'
import { pieceHeaders } from '../../../src/kafka/step-over.ts'
import { letters as stream, lettersTable } from '../../records.ts'

const now = 1_700_000_000_000
const spills: Spill[] = []
const spill = (): Spill => {
  const made = new Spill(tmpdir())
  spills.push(made)
  return made
}

const message = (offset: number, value: string, more: Partial<FetchedMessage> = {}): FetchedMessage => ({
  ...{ offset, timestamp: now + offset, key: null, value: Buffer.from(value), headers: {}, bytes: 0 },
  ...more,
})

const letter = (offset: number, more: Record<string, string> = {}): FetchedMessage =>
  message(0, 'x', {
    headers: {
      [deadLetterHeaders.stream]: 'letters',
      [deadLetterHeaders.reason]: 'not-json',
      [deadLetterHeaders.topic]: 'source',
      [deadLetterHeaders.partition]: '0',
      [deadLetterHeaders.offset]: String(offset),
      ...more,
    },
  })

const span = { partition: 0, from: 10, to: 20 }

const setUp = (byEvent = false) => {
  const totals = new Totals()
  const [rows, places] = [spill(), spill()]
  const letters = new Letters('letters', 'source', [span], places, totals)
  const events = new Events({
    ...{ stream, digester: new Digester(lettersTable, 1), rows, places, refused: letters.refused, totals },
    ...{ byEvent, endedAt: (now + 1000) * 1000, keepsKeys: true },
  })
  const all = (from: Spill) => Array.from({ length: bucketCount }, (_, bucket) => [...from.entries(bucket)]).flat()
  return {
    ...{ totals, letters, events },
    versions: () => [
      ...versionsIn(
        Array.from({ length: bucketCount }, (_, b) => [...rows.entries(b)].map(e => Buffer.from(e))).flat(),
        3,
      ),
    ],
    verdicts: () =>
      [...judgeLetters(placesIn(all(places)), -Infinity)].map(({ offset, verdict }) => `${offset} ${verdict}`),
  }
}

describe('the events of an audit', () => {
  after(() => spills.forEach(one => one.close()))

  test('expect a row or a dead letter, up to the end of the span', () => {
    const { totals, events, versions, verdicts } = setUp()
    const visit = events.visit(span, false)
    visit({ kind: 'records', messages: [message(10, '{"a":"1"}'), message(11, '[]')], nextOffset: 12 })
    visit({ kind: 'records', messages: [], nextOffset: 14 })
    visit({ kind: 'undecodable', offset: 14, lastOffset: 16, why: '', raw: Buffer.alloc(0) })
    visit({ kind: 'records', messages: [message(17, '{}'), message(19, '{}'), message(20, '{}')], nextOffset: 21 })
    const { events: read, accepted, rejected, undecodable, compacted } = totals
    assert.deepEqual(
      { read, accepted, rejected, undecodable, compacted },
      { read: 4, accepted: 3, rejected: 1, undecodable: 1, compacted: 1 },
    )
    assert.deepEqual(versions().map(({ offset }) => offset), [10, 17, 19]) // prettier-ignore
    assert.deepEqual(verdicts(), ['11 no-letter', '14 no-letter'])
  })

  test('after the end may have been written, and expect no dead letter', () => {
    const { totals, events, versions, verdicts } = setUp()
    events.visit(span, true)({ kind: 'records', messages: [message(10, '{}'), message(11, '[]')], nextOffset: 12 })
    assert.deepEqual([totals.events, totals.later, versions()[0]?.isOptional, verdicts()], [0, 2, true, []])
  })

  test('have the time of the record, of the replay, or of the event itself', () => {
    const timeOf = (byEvent: boolean, more: Partial<FetchedMessage>) => {
      const { events, versions } = setUp(byEvent)
      events.visit(span, false)({ kind: 'records', messages: [message(10, '{}', more)], nextOffset: 11 })
      const [{ time, isReplayed } = { time: NaN, isReplayed: false }] = versions()
      return [time, isReplayed]
    }
    assert.deepEqual(timeOf(false, {}), [(now + 10) * 1000, false])
    assert.deepEqual(timeOf(false, { timestamp: -1 }), [0, false])
    assert.deepEqual(timeOf(false, { timestamp: now * 2 }), [0, false])
    assert.deepEqual(timeOf(false, { headers: { [replayHeader]: '1234' } }), [1234, true])
    assert.deepEqual(timeOf(false, { headers: { [replayHeader]: String((now + 2000) * 1000) } }), [
      (now + 10) * 1000,
      false,
    ])
    assert.deepEqual(timeOf(true, { headers: { [replayHeader]: '1234' } }), [0, false])
  })
})

describe('the dead letters of an audit', () => {
  test('are only those of this stream and topic, within the span', () => {
    const { totals, letters, verdicts } = setUp()
    letters.take(0, letter(10))
    letters.take(0, letter(9))
    letters.take(0, letter(20))
    letters.take(0, letter(11, { [deadLetterHeaders.topic]: 'other' }))
    letters.take(0, letter(12, { [deadLetterHeaders.stream]: 'other' }))
    letters.take(0, message(13, 'somebody else'))
    assert.deepEqual([verdicts(), totals.lettersFound, totals.othersLetters], [['10 unexpected-letter'], 1, 3])
  })

  test('for a refused row make its event optional', () => {
    const { totals, letters, events, versions, verdicts } = setUp()
    letters.take(0, letter(10, { [deadLetterHeaders.reason]: 'refused-by-table' }))
    events.visit(span, false)({ kind: 'records', messages: [message(10, '{}')], nextOffset: 11 })
    assert.deepEqual([versions()[0]?.isOptional, totals.refused, verdicts()], [true, 1, ['10 equal']])
  })

  test('for a record batch count as one, however many pieces it has', () => {
    const { letters, verdicts, events } = setUp()
    const piece = (number: string) => ({ [deadLetterHeaders.reason]: 'undecodable', [pieceHeaders.piece]: number })
    for (const number of ['1', '2', '3']) letters.take(0, letter(14, piece(number)))
    events.visit(span, false)({ kind: 'undecodable', offset: 14, lastOffset: 16, why: '', raw: Buffer.alloc(0) })
    assert.deepEqual(verdicts(), ['14 equal'])
  })

  test('for an event that an audit published again also count for its original offset', () => {
    const { letters, verdicts } = setUp()
    letters.take(0, letter(25, { [replayedFrom]: 'source:0:11' }))
    letters.take(0, letter(12, { [replayedFrom]: 'source.failed:0:13' }))
    assert.deepEqual(verdicts(), ['11 unexpected-letter', '12 unexpected-letter'])
  })
})
