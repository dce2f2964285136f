import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { absent, Digester, keyHash, keyOf, keyValues, present, unset } from '../../src/audit/cells.ts'
import { encode } from '../../src/cassandra/encode.ts'
import { packer } from '../../src/cassandra/packed.ts'
import { type Columns, type TableDefinition } from '../../src/stream/definition.ts'

const table = {
  columns: { note: 'text', p: 'text', c: 'text', map: 'map<text,text>', day: 'date' },
  partitionKey: ['p'],
  clusteringKey: ['c'],
} as const satisfies TableDefinition

const pack = packer(table)
const digester = new Digester(table, 7)
const cellsOf = (row: Columns) => [...digester.ofChange(pack({ kind: 'upsert', row, eventTime: 0 })).cells]

describe('the digests of a row', () => {
  test('are the same from an event and from the table, in whatever order a map is', () => {
    const cells = cellsOf({
      p: 'p',
      c: 'c',
      note: 'ä',
      map: new Map([
        ['a', '1'],
        ['b', '2'],
      ]),
      day: 3,
    })
    const values = [
      encode('text', 'ä'),
      encode(
        'map<text,text>',
        new Map([
          ['b', '2'],
          ['a', '1'],
        ]),
      ),
      encode('date', 3),
    ]
    assert.deepEqual(cells, [...digester.ofValues(values)])
    assert.equal(cells[0], present)
  })
  test('distinguish values from null, unset and an empty map, which Cassandra returns as null', () => {
    assert.deepEqual(cellsOf({ p: 'p', c: 'c', note: null, map: new Map() }), [present, absent, absent, unset])
    assert.notEqual(cellsOf({ p: 'p', c: 'c', note: '' })[1], absent)
  })
  test('distinguish maps whose entries have the same texts', () => {
    const one = new Map([
      ['a', 'b'],
      ['c', 'd'],
    ])
    for (const map of [
      new Map([
        ['a', 'd'],
        ['c', 'b'],
      ]),
      new Map([
        ['ab', ''],
        ['c', 'd'],
      ]),
      new Map([['a', 'b']]),
    ]) {
      assert.notEqual(cellsOf({ p: 'p', c: 'c', map })[2], cellsOf({ p: 'p', c: 'c', map: one })[2])
    }
  })
  test('differ with another seed', () => {
    const row = pack({ kind: 'upsert', row: { p: 'p', c: 'c', note: 'x' }, eventTime: 0 })
    assert.notEqual(new Digester(table, 8).ofChange(row).cells[1], digester.ofChange(row).cells[1])
  })
  test('have the key in key order, from an upsert, a removal and the table', () => {
    const key = keyOf([Buffer.from('p'), Buffer.from('cc')])
    assert.deepEqual(digester.ofChange(pack({ kind: 'upsert', row: { p: 'p', c: 'cc' }, eventTime: 0 })).key, key)
    const removal = digester.ofChange(pack({ kind: 'remove', key: { p: 'p', c: 'cc' }, eventTime: 0 }))
    assert.deepEqual([removal.key, [...removal.cells]], [key, [absent, absent, absent, absent]])
    assert.deepEqual(keyValues(key).map(String), ['p', 'cc'])
    assert.match(keyHash(key), /^[0-9a-f]{24}$/)
  })
  test('rarely collide', () => {
    const digests = new Set(
      Array.from({ length: 200_000 }, (_, n) => digester.ofValues([Buffer.from(`user-${n}`), null, null])[1]),
    )
    assert.equal(digests.size, 200_000)
  })
})
