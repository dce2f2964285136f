import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { encodeFound, encodeVersion } from '../../src/audit/entries.ts'
import { judgeRows, type Judging } from '../../src/audit/judge.ts'
import { byReading } from '../../src/audit/order.ts'
import { toRepublish } from '../../src/audit/republish.ts'
import { fold } from '../../src/audit/fold.ts'
import { at, found, version } from './versions.ts'

const hashOf = (n: number): string => n.toString(16).padStart(24, '0')

const judging: Judging = {
  cells: 3,
  order: byReading,
  context: { byEvent: false, isWhole: true, endedAt: at(60) },
  everyRow: true,
  isLater: ({ offset }) => offset >= 100,
  begunAt: at(0),
}

const entries = [
  version('ab', { hash: hashOf(1), offset: 1 }),
  version('ab', { hash: hashOf(2), offset: 2 }),
  version('cd', { hash: hashOf(2), offset: 3 }),
  version('ab', { hash: hashOf(3), offset: 4 }),
  version('ab', { hash: hashOf(4), offset: 100, isOptional: true }),
  version('cd', { hash: hashOf(5), offset: 5 }),
  version('ef', { hash: hashOf(5), offset: 101, isOptional: true }),
].map(encodeVersion)
const rows = [
  found('ab', { hash: hashOf(1) }),
  found('ab', { hash: hashOf(2) }),
  found('ab', { hash: hashOf(4) }),
  found('ef', { hash: hashOf(5) }),
  found('ab', { hash: hashOf(6), writtenAt: Float64Array.from([NaN, at(1), NaN]) }),
  found('ab', { hash: hashOf(7), writtenAt: Float64Array.from([NaN, at(-1), NaN]) }),
].map(encodeFound)

const verdicts = (everyRow: boolean, all: readonly Buffer[]): string[] =>
  [...judgeRows(() => all, { ...judging, everyRow })].map(({ hash, verdict }) => `${parseInt(hash, 16)} ${verdict}`)

describe('the rows of a bucket', () => {
  test('are judged after the whole table was read', () => {
    assert.deepEqual(verdicts(true, [...entries, ...rows]), [
      '1 equal',
      '2 older',
      '3 missing',
      '5 equal',
      '6 extra',
      '7 before',
    ])
  })
  test('are judged if only those that differ were noted', () => {
    assert.deepEqual(verdicts(false, [...entries, ...rows.slice(1, 2)]), ['2 older'])
  })
})

describe('the events to publish again', () => {
  const [a, b, c] = [
    version('ab', { offset: 1, time: at(1) }),
    version('c.', { offset: 2, time: at(2) }),
    version('.d', { offset: 3, time: at(3) }),
  ]
  const again = (versions: (typeof a)[], cells: number[]) => {
    const expected = fold(versions, byReading).get('aa')
    assert.ok(expected !== undefined)
    return toRepublish(expected, cells, judging.isLater, 1000)?.map(
      ({ offset, writeTimestamp }) => `${offset} ${writeTimestamp}`,
    )
  }
  test('are the one that the differing column needs, and all that must win over it', () => {
    assert.deepEqual(again([a, b], [1]), ['2 1000'])
    assert.deepEqual(again([a, b], [2]), ['1 999', '2 1000'])
    assert.deepEqual(again([a, b, c], [1]), ['2 999', '3 1000'])
    assert.deepEqual(again([a, b], [0]), ['1 999', '2 1000'])
  })
  test('are none if an event after the end changes the row', () => {
    assert.equal(again([a, version('ef', { offset: 100, isOptional: true })], [1]), undefined)
  })
})
