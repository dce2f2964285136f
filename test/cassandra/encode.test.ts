import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { describe, test } from 'node:test'
import { types } from 'cassandra-driver'
import fc from 'fast-check'
import { encode, encodeLong } from '../../src/cassandra/encode.ts'
import { type ColumnType, type ColumnTypes } from '../../src/stream/definition.ts'

interface DriverEncoder {
  encode(value: unknown, type: { code: number; info?: unknown }): Buffer
}

// The driver does not export its encoder; it is the oracle here and nowhere else.
const Encoder = createRequire(import.meta.url)('cassandra-driver/lib/encoder') as new (
  protocolVersion: number,
  options: object,
) => DriverEncoder
const driver = new Encoder(4, { encoding: { map: Map } })

const { dataTypes } = types
const text = { code: dataTypes.text }

// A lone number is a number of days since 1970-01-01 to the driver; its types do not declare this.
const LocalDate = types.LocalDate as unknown as new (days: number) => types.LocalDate

/** Any UTF-16, half of it beyond ASCII, including unpaired surrogates. */
const anyText = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 0x7f }), fc.integer({ min: 0, max: 0xffff })), { maxLength: 60 })
  .map(units => String.fromCharCode(...units))

const encodesLikeTheDriver = <V>(
  type: ColumnType,
  values: fc.Arbitrary<V & ColumnTypes[ColumnType]>,
  byDriver: (value: V) => Buffer,
): Promise<void> =>
  test(`are the driver's for any ${type}`, () => {
    fc.assert(fc.property(values, value => assert.deepEqual(encode(type, value), byDriver(value))))
  })

describe('the bytes of a value', () => {
  const instant = fc.integer({ min: -8_640_000_000_000_000, max: 8_640_000_000_000_000 })
  const map = fc.array(fc.tuple(anyText, anyText), { maxLength: 12 }).map(entries => new Map(entries))
  const { boolean, int, date, timestamp } = dataTypes

  encodesLikeTheDriver('text', anyText, value => driver.encode(value, text))
  encodesLikeTheDriver('boolean', fc.boolean(), value => driver.encode(value, { code: boolean }))
  encodesLikeTheDriver('int', fc.integer(), value => driver.encode(value, { code: int }))
  encodesLikeTheDriver('date', fc.integer(), days => driver.encode(new LocalDate(days), { code: date }))
  encodesLikeTheDriver('timestamp', instant, value => driver.encode(new Date(value), { code: timestamp }))
  encodesLikeTheDriver('map<text,text>', map, value =>
    driver.encode(value, { code: dataTypes.map, info: [text, text] }),
  )

  const table: readonly (readonly [what: string, encoded: Buffer, hex: string])[] = [
    ['an empty text', encode('text', ''), ''],
    ['a text beyond ASCII', encode('text', 'आ😀'), 'e0a486f09f9880'],
    ['half a surrogate pair', encode('text', 'a\ud83db'), '61efbfbd62'],
    ['false', encode('boolean', false), '00'],
    ['true', encode('boolean', true), '01'],
    ['the smallest int', encode('int', -(2 ** 31)), '80000000'],
    ['1970-01-01', encode('date', 0), '80000000'],
    ['1969-12-31', encode('date', -1), '7fffffff'],
    ['2023-07-27', encode('date', 19_565), '80004c6d'],
    ['a millisecond before 1970', encode('timestamp', -1), 'ffffffffffffffff'],
    ['an empty map', encode('map<text,text>', new Map()), '00000000'],
    [
      'a map, in the order of its entries',
      encode(
        'map<text,text>',
        new Map([
          ['b', 'é'],
          ['a', ''],
        ]),
      ),
      '00000002' + '00000001' + '62' + '00000002' + 'c3a9' + '00000001' + '61' + '00000000',
    ],
  ]
  for (const [what, encoded, hex] of table) {
    test(`${what} is ${hex === '' ? 'nothing' : hex}`, () => assert.equal(encoded.toString('hex'), hex))
  }

  test('two values never share memory that a third overwrites', () => {
    const first = encode('map<text,text>', new Map([['state_name', 'Eastland']]))
    const before = first.toString('hex')
    for (let i = 0; i < 10_000; i++) encode('map<text,text>', new Map([['school_name', `School ${i}`]]))
    assert.equal(first.toString('hex'), before)
  })
})

describe('a long', () => {
  test('is exact up to the largest safe integer, either sign', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), value => {
        assert.equal(encodeLong(value).readBigInt64BE(), BigInt(value))
      }),
    )
  })

  for (const value of [0, 1, -1, 2 ** 32 - 1, 2 ** 32, -(2 ** 32), Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]) {
    test(`${value} is exact`, () => assert.equal(encodeLong(value).readBigInt64BE(), BigInt(value)))
  }
})
