import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { show } from '../../../src/commands/preview/show.ts'
import { type Change, remove, type TableDefinition, upsert } from '../../../src/stream/definition.ts'
import { object } from '../../../src/stream/shape.ts'

const table = {
  columns: { id: 'text', day: 'date', at: 'timestamp', level: 'int', seen: 'boolean', names: 'map<text,text>' },
  partitionKey: ['id'],
  clusteringKey: ['day'],
} as const satisfies TableDefinition

const message = Buffer.from('{}')
const showing = (change: Change) => show({ event: object({}), table, flatten: () => change }, message)

describe('a change is shown', () => {
  test('with days, times and maps as people and JSON write them', () => {
    const names = new Map([['__proto__', 'a']])
    assert.deepEqual(showing(upsert({ id: 'i', day: -1, at: 1500, level: 3, seen: false, names }, 0)), {
      row: {
        id: 'i',
        day: '1969-12-31',
        at: '1970-01-01T00:00:01.500Z',
        level: 3,
        seen: false,
        names: Object.fromEntries(names),
      },
    })
  })

  test('with null as null, and without the columns that are not written', () => {
    assert.deepEqual(showing(upsert({ id: 'i', day: 0, at: null, names: null }, 0)), {
      row: { id: 'i', day: '1970-01-01', at: null, names: null },
    })
  })

  test('as the key alone, when the row is removed', () => {
    assert.deepEqual(showing(remove({ id: 'i', day: 19565 }, 0)), { remove: { id: 'i', day: '2023-07-27' } })
  })
})

test('a fault of the stream itself is not shown as a dead letter', () => {
  const flatten = () => {
    throw new TypeError('a bug')
  }
  assert.throws(() => show({ event: object({}), table, flatten }, message), TypeError)
})
