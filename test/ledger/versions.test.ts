import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { covers } from '../../src/ledger/versions.ts'
import { type Change, type Columns, remove, upsert } from '../../src/stream/definition.ts'
import { pack } from '../records.ts'

const set = (columns: Columns): Change => upsert({ p: 'P', r: 'r', ...columns }, 0)
const gone: Change = remove({ p: 'P', r: 'r' }, 0)

describe('a later version covers an earlier one', () => {
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
      assert.equal(covers(pack(later), pack(earlier)), covered)
    })
  }

  test('in a model of the table, without changing a cell', () => {
    const cell = fc.constantFrom(undefined, null, '1', '2')
    const change = fc.oneof(fc.record({ a: cell, b: cell }).map(set), fc.constant(gone))
    fc.assert(
      fc.property(fc.array(change, { maxLength: 3 }), change, change, (before, earlier, later) => {
        fc.pre(covers(pack(later), pack(earlier)))
        assert.deepEqual(cellsAfter([...before, later]), cellsAfter([...before, earlier, later]))
      }),
    )
  })
})

/** The row in the table after these changes in this order. Null and never written read the same. */
const cellsAfter = (changes: readonly Change[]): Columns => {
  let cells: Columns = { p: null, r: null, a: null, b: null }
  for (const change of changes) {
    if (change.kind === 'remove') cells = { p: null, r: null, a: null, b: null }
    else
      cells = { ...cells, ...Object.fromEntries(Object.entries(change.row).filter(([, value]) => value !== undefined)) }
  }
  return cells
}
