import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { mendMap, mendText } from '../../../src/commands/mend/print-outs.ts'

describe('a text in which a Scala Option was printed', () => {
  const table: [found: string, mended: string | null][] = [
    ['Some(East Board)', 'East Board'],
    ['None', null],
    ['Some()', null],
    ['Some(a (b))', 'a (b)'],
    ['Some(two\nlines)', 'two\nlines'],
    ['Some(Some(x))', 'x'],
    ['Some(None)', null],
    ['Some( )', ' '],
    ['', ''],
    ['plain', 'plain'],
    ['none', 'none'],
    ['Nonesuch', 'Nonesuch'],
    ['Some(x', 'Some(x'],
    ['for Some(x)', 'for Some(x)'],
    ['Some(x) and more', 'Some(x) and more'],
  ]
  for (const [found, mended] of table) {
    test(`${JSON.stringify(found)} becomes ${JSON.stringify(mended)}`, () => assert.equal(mendText(found), mended))
  }

  test('is repaired once: a second repair changes nothing', () => {
    const part = fc.constantFrom('Some(', ')', 'None', 'x', '')
    fc.assert(
      fc.property(fc.array(part), parts => {
        const mended = mendText(parts.join(''))
        assert.equal(mended === null ? null : mendText(mended), mended)
      }),
    )
  })
})

describe('a map with such texts', () => {
  const table: [why: string, found: Record<string, string>, mended: Record<string, string>][] = [
    ['in values', { state_name: 'Some(Eastland)', state_code: 'None' }, { state_name: 'Eastland' }],
    ['in keys', { 'Some(state)_name': 'Eastland', None_name: 'x' }, { state_name: 'Eastland' }],
    ['in both', { 'Some(state)_id': 'Some(a1)' }, { state_id: 'a1' }],
    ['besides a correct entry of that name', { state_id: 'a2', 'Some(state)_id': 'Some(a1)' }, { state_id: 'a2' }],
    ['nowhere', { state_id: 'a1', plain: 'b' }, { state_id: 'a1', plain: 'b' }],
  ]
  for (const [why, found, mended] of table) {
    test(why, () => assert.deepEqual(Object.fromEntries(mendMap(new Map(Object.entries(found)))), mended))
  }
})
