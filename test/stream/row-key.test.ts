import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { type Columns, remove, type TableDefinition, upsert } from '../../src/stream/definition.ts'
import { rowKey } from '../../src/stream/row-key.ts'
import { Text } from '../../src/stream/text.ts'
import { lettersTable } from '../records.ts'

const composite = {
  columns: { a: 'text', n: 'int', b: 'text', c: 'text', v: 'text' },
  partitionKey: ['a', 'n'],
  clusteringKey: ['b', 'c'],
} as const satisfies TableDefinition

describe('the key of a row', () => {
  test('is the text itself if one text column is the key', () => {
    assert.deepEqual(rowKey(lettersTable, upsert({ p: 'P', r: 'r', a: '1' }, 0)), { partition: 'P', row: 'r' })
  })

  test('is the same for a text as a string and as bytes', () => {
    const [string, bytes] = [upsert({ p: 'P', r: 'ü' }, 0), upsert({ p: Text.of('P'), r: Text.of('ü') }, 0)]
    assert.deepEqual(rowKey(lettersTable, bytes), rowKey(lettersTable, string))
    const [many, same] = [
      remove({ a: 'a', n: 1, b: 'b', c: 'é' }, 0),
      { a: 'a', n: 1, b: Text.of('b'), c: Text.of('é') },
    ]
    assert.deepEqual(rowKey(composite, remove(same, 0)), rowKey(composite, many))
  })

  test('is the same for a removal, and for any other columns', () => {
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
    test(`distinguishes rows: ${what}`, () => {
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
