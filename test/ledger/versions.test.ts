import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { covers, rowKey } from '../../src/ledger/versions.ts'
import { type Change, type Columns, remove, type TableDefinition, upsert } from '../../src/stream/definition.ts'
import { lettersTable } from '../records.ts'

const composite = {
  columns: { a: 'text', n: 'int', b: 'text', c: 'text', v: 'text' },
  partitionKey: ['a', 'n'],
  clusteringKey: ['b', 'c'],
} as const satisfies TableDefinition

describe('the key of a row', () => {
  test('is the text itself where one text column is the key', () => {
    assert.deepEqual(rowKey(lettersTable, upsert({ p: 'P', r: 'r', a: '1' }, 0)), { partition: 'P', row: 'r' })
  })

  test('is the same for a removal of the row and whatever else the row holds', () => {
    const key = { a: 'x', n: 1, b: 'y', c: 'z' }
    const keys = [remove(key, 0), upsert(key, 5), upsert({ ...key, v: '1' }, 0), upsert({ ...key, v: null }, 0)].map(
      change => rowKey(composite, change),
    )
    for (const other of keys) assert.deepEqual(other, keys[0])
  })

  test('is the same text for every row of a table without clustering columns', () => {
    const table = { ...lettersTable, clusteringKey: [] }
    const [one, other] = ['1', '2'].map(r => rowKey(table, upsert({ p: 'P', r }, 0)))
    assert.deepEqual(one, other)
  })

  const apart: readonly (readonly [what: string, one: Columns, other: Columns])[] = [
    ['texts that are the same when joined', { b: 'x', c: 'yz' }, { b: 'xy', c: 'z' }],
    ['a separator within a text', { b: 'x","y', c: 'z' }, { b: 'x', c: 'y","z' }],
    ['an empty text at either end', { b: '', c: 'x' }, { b: 'x', c: '' }],
  ]
  for (const [what, one, other] of apart) {
    test(`tells rows apart: ${what}`, () => {
      const [a, b] = [one, other].map(columns => rowKey(composite, upsert({ a: 'a', n: 1, ...columns }, 0)))
      assert.notEqual(a?.row, b?.row)
    })
  }

  test('is equal for equal keys only', () => {
    const text = fc.string({ unit: fc.constantFrom('"', ',', '\\', '[', 'a', 'é'), maxLength: 3 })
    const key = fc.record({ a: text, n: fc.nat(2), b: text, c: text })
    fc.assert(
      fc.property(key, key, (one, other) => {
        const [k, l] = [rowKey(composite, remove(one, 0)), rowKey(composite, remove(other, 0))]
        assert.equal(k.partition === l.partition, one.a === other.a && one.n === other.n)
        assert.equal(k.row === l.row, one.b === other.b && one.c === other.c)
      }),
    )
  })
})

const set = (columns: Columns): Change => upsert({ p: 'P', r: 'r', ...columns }, 0)
const gone: Change = remove({ p: 'P', r: 'r' }, 0)

describe('writing a later version makes an earlier one superfluous', () => {
  const table: readonly (readonly [what: string, earlier: Change, later: Change, covered: boolean])[] = [
    ['both set the same columns', set({ a: '1', b: '1' }), set({ a: '2', b: '2' }), true],
    ['the later one sets more', set({ a: '1' }), set({ a: '2', b: '2' }), true],
    ['the later one sets less', set({ a: '1', b: '1' }), set({ a: '2' }), false],
    ['each sets another column', set({ a: '1' }), set({ b: '2' }), false],
    ['the later one sets to null what the earlier one sets', set({ a: '1' }), set({ a: null }), true],
    ['the later one sets what the earlier one sets to null', set({ a: null }), set({ a: '2' }), true],
    ['the later one leaves out what the earlier one sets to null', set({ a: null }), set({}), false],
    ['undefined is left out', set({ a: '1' }), set({ a: undefined }), false],
    ['both set nothing but the key', set({}), set({}), true],
    ['the later one removes the row', set({ a: '1' }), gone, true],
    ['both remove the row', gone, gone, true],
    ['the earlier one removes the row', gone, set({ a: '2', b: '2' }), false],
  ]
  for (const [what, earlier, later, covered] of table) {
    test(`${covered ? 'if' : 'but not if'} ${what}`, () => {
      assert.equal(covers(lettersTable, later, earlier), covered)
    })
  }

  test('as a table of cells has it: leaving out what is covered changes no cell', () => {
    const cell = fc.constantFrom(undefined, null, '1', '2')
    const change = fc.oneof(fc.record({ a: cell, b: cell }).map(set), fc.constant(gone))
    fc.assert(
      fc.property(fc.array(change, { maxLength: 3 }), change, change, (before, earlier, later) => {
        fc.pre(covers(lettersTable, later, earlier))
        assert.deepEqual(cellsAfter([...before, later]), cellsAfter([...before, earlier, later]))
      }),
    )
  })
})

/** What the table holds of the row after these changes in this order; null and never written read the same. */
const cellsAfter = (changes: readonly Change[]): Columns => {
  let cells: Columns = { p: null, r: null, a: null, b: null }
  for (const change of changes) {
    if (change.kind === 'remove') cells = { p: null, r: null, a: null, b: null }
    else
      cells = { ...cells, ...Object.fromEntries(Object.entries(change.row).filter(([, value]) => value !== undefined)) }
  }
  return cells
}
