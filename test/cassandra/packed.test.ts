import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { packed } from '../../src/cassandra/packed.ts'
import { statements } from '../../src/cassandra/statements.ts'
import { type Change, type Stream, type TableDefinition } from '../../src/stream/definition.ts'
import { letters, lettersTable } from '../records.ts'

const visits = {
  columns: { site: 'text', visitor: 'text', places: 'map<text,text>', seen: 'map<text,text>' },
  partitionKey: ['site'],
  clusteringKey: ['visitor'],
} as const satisfies TableDefinition

const key = { site: 's', visitor: 'v' }

const flattened = (change: Change): Change => {
  const stream: Stream = { ...letters, table: visits, flatten: () => change }
  return packed(stream).flatten({})
}

const bound = (change: Change) => statements(visits, 'web', 'visits').bind(change, 1)

describe('a packed stream', () => {
  const maps = new Map([
    ['state_name', 'Eastland'],
    ['state_code', '21'],
  ])
  const rows = [{ ...key, places: maps }, { ...key, places: null, seen: new Map() }, key]

  for (const row of rows) {
    const change: Change = { kind: 'upsert', row, eventTime: 7 }
    test(`binds the same bytes, of a row with ${Object.keys(row).join(', ')}`, () => {
      assert.deepEqual(bound(flattened(change)), bound(change))
    })
    test(`holds no map while it waits, of a row with ${Object.keys(row).join(', ')}`, () => {
      const waiting = flattened(change)
      assert.ok(waiting.kind === 'upsert' && !Object.values(waiting.row).some(value => value instanceof Map))
    })
  }

  test('leaves out what is left out, and keeps null', () => {
    const waiting = flattened({ kind: 'upsert', row: { ...key, places: null }, eventTime: 7 })
    assert.deepEqual(waiting, { kind: 'upsert', row: { ...key, places: null }, eventTime: 7 })
  })

  test('leaves a removal as it is', () => {
    const removal: Change = { kind: 'remove', key, eventTime: 7 }
    assert.equal(flattened(removal), removal)
  })

  test('is the stream itself where the table has no map', () => {
    assert.equal(packed(letters), letters)
    assert.equal(letters.table, lettersTable)
  })
})
