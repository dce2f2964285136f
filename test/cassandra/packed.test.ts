import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { encode } from '../../src/cassandra/encode.ts'
import { packer } from '../../src/cassandra/packed.ts'
import { remove, type TableDefinition, upsert } from '../../src/stream/definition.ts'
import { Text } from '../../src/stream/text.ts'

const visits = {
  columns: { site: 'text', visitor: 'text', places: 'map<text,text>', count: 'int', day: 'date', seen: 'timestamp' },
  partitionKey: ['site'],
  clusteringKey: ['visitor'],
} as const satisfies TableDefinition

const key = { site: 's', visitor: 'v' }
const pack = packer(visits)

/** The values between start and end: bytes as hex, `null`, or `unset`. */
const valuesOf = ({ bytes, start, end }: ReturnType<typeof pack>): string[] => {
  const values: string[] = []
  for (let at = start; at < end;) {
    const length = bytes.readInt32BE(at)
    const next = at + 4 + Math.max(0, length)
    values.push(length === -2 ? 'unset' : length === -1 ? 'null' : bytes.toString('hex', at + 4, next))
    at = next
  }
  return values
}

describe('a packed change', () => {
  test('has a value for each column, in the order of the table', () => {
    const row = { ...key, seen: 1500, count: 7, day: 0, places: new Map([['a', 'b']]) }
    const map = encode('map<text,text>', row.places).toString('hex')
    const rest = ['00000007', '80000000', '00000000000005dc']
    assert.deepEqual(valuesOf(pack(upsert(row, 0))), ['73', '76', map, ...rest])
  })

  test('distinguishes unset columns from null, and names them', () => {
    const change = pack(upsert({ ...key, places: null, day: undefined }, 7))
    assert.deepEqual(valuesOf(change), ['73', '76', 'null', 'unset', 'unset', 'unset'])
    const { kind, partition, row, leaves, eventTime } = change
    assert.deepEqual(
      { kind, partition, row, leaves, eventTime },
      { kind: 'upsert', partition: 's', row: 'v', leaves: ['count', 'day', 'seen'], eventTime: 7 },
    )
  })

  test('of a removal is the key', () => {
    const change = pack(remove(key, 7))
    assert.deepEqual([change.kind, valuesOf(change)], ['remove', ['73', '76']])
  })

  test('is the same for strings and for bytes of a message', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 80 })
    const map = fc.array(fc.tuple(text, text), { maxLength: 12 }).map(entries => new Map(entries))
    fc.assert(
      fc.property(text, map, (site, places) => {
        const asBytes = {
          site: Text.of(site),
          visitor: 'v',
          places: new Map([...places].map(([name, value]) => [name, Text.of(value)])),
        }
        const [bytes, strings] = [pack(upsert(asBytes, 0)), pack(upsert({ site, visitor: 'v', places }, 0))]
        assert.deepEqual(valuesOf(bytes), valuesOf(strings))
        assert.equal(bytes.partition, strings.partition)
        assert.equal(valuesOf(strings)[2], encode('map<text,text>', places).toString('hex'))
      }),
    )
  })

  test('does not change when others are packed after it, even one larger than a slab', () => {
    const changes = [10, 200_000, 100, 300_000, 70_000, 5].map((length, index) => {
      const text = String(index).repeat(length)
      return { places: new Map([['a', text]]), change: pack(upsert({ ...key, places: new Map([['a', text]]) }, 0)) }
    })
    for (const { places, change } of changes) {
      assert.equal(valuesOf(change)[2], encode('map<text,text>', places).toString('hex'))
    }
  })

  for (const [what, row] of Object.entries({ 'an int': { count: 2 ** 31 }, 'a date': { day: 0.5 } })) {
    test(`does not accept ${what} which its column cannot hold, because that is a bug of the stream`, () => {
      assert.throws(() => pack(upsert({ ...key, ...row }, 0)), RangeError)
    })
  }
})
