import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import fc from 'fast-check'
import { gzipSync } from 'node:zlib'
import { contentLimit } from '../../../src/kafka/codecs/codec.ts'
import { registerCodecs } from '../../../src/kafka/codecs.ts'
import {
  batches,
  batchOf,
  comparable,
  fixture,
  messagesOf,
  type Plain,
  readByClient,
  recordBatch,
  takeAll,
} from './record-sets.ts'

const compressions = { none: 0, gzip: 1, snappy: 2, lz4: 3 } as const

/** The formats and codecs of the fixtures. LZ4 frames in the oldest format have a checksum that only Kafka reads (KAFKA-3160). */
const namesOf = (magic: number): string[] => [
  'none',
  'gzip',
  'snappy',
  ...(magic > 0 ? ['lz4'] : []),
  ...(magic > 1 ? ['zstd'] : []),
]

const bytes = fc.uint8Array({ maxLength: 60 }).map(array => Buffer.from(array))
// For a header named toString, the client's value is a function.
const text = fc.string({ maxLength: 12 }).filter(name => !(name in Object.prototype))
const plain = fc.record({
  gap: fc.integer({ min: 1, max: 300 }),
  timestampDelta: fc.integer({ min: -5000, max: 2 ** 31 - 1 }),
  key: fc.option(bytes),
  value: fc.option(bytes),
  headers: fc.dictionary(text, fc.oneof(text, fc.array(text, { minLength: 2, maxLength: 3 })), { maxKeys: 3 }),
})
/** Records with ascending offsets, with gaps like those of compaction. */
const records = fc.array(plain, { maxLength: 12 }).map(parts => {
  let offsetDelta = -1
  return parts.map(({ gap, ...rest }): Plain => ({ ...rest, offsetDelta: (offsetDelta += gap) }))
})

const sample = (count: number): Plain[] =>
  Array.from({ length: count }, (_, i) => ({
    offsetDelta: i,
    timestampDelta: i,
    key: Buffer.from(`k${i}`),
    value: Buffer.from(`{"n":${i}}`),
    headers: { trace: 'a', twice: ['b', 'c'] },
  }))

describe('record batches of a fetch', () => {
  before(registerCodecs)

  for (const [name, compression] of Object.entries(compressions)) {
    test(`give what the client reads of its own batches (${name})`, async () => {
      const sets = fc.array(records, { minLength: 1, maxLength: 4 })
      await fc.assert(
        fc.asyncProperty(sets, fc.integer({ min: 0, max: 2 ** 40 }), async (parts, firstOffset) => {
          let next = firstOffset
          const set: Buffer[] = []
          for (const part of parts) {
            set.push(await recordBatch(part, { firstOffset: next, compression }))
            next += (part.at(-1)?.offsetDelta ?? 0) + 1
          }
          const all = Buffer.concat(set)
          const taken = await takeAll(batches(all, firstOffset))
          assert.deepEqual(comparable(messagesOf(taken)), await readByClient(all))
          assert.equal(taken.length, parts.length)
          const last = taken.at(-1)
          assert.equal(last?.kind === 'records' && last.nextOffset, next)
        }),
        { numRuns: 60 },
      )
    })
  }

  for (const magic of [0, 1, 2]) {
    for (const name of namesOf(magic)) {
      test(`give what the client reads of the Java client's (format ${magic}, ${name})`, async () => {
        const set = fixture(`magic-${magic}-${name}.records`)
        const taken = await takeAll(batches(set, 1000))
        assert.equal(messagesOf(taken).length, 50)
        assert.deepEqual(comparable(messagesOf(taken)), await readByClient(set))
      })
    }
  }

  test('have headers of any name', async () => {
    const [first] = messagesOf(await takeAll(batches(fixture('magic-2-none.records'), 1000)))
    assert.deepEqual(Object.entries(first?.headers ?? {}), [
      ['trace', Buffer.from('t0')],
      ['twice', [Buffer.from('a'), Buffer.from('b')]],
      ['__proto__', Buffer.from('p')],
      ['nothing', null],
    ])
  })

  test('may repeat a header hundreds of thousands of times, as a topic for messages of 1.5 MB allows', async () => {
    const values = Array.from({ length: 100_000 }, () => '')
    const [plain] = sample(1)
    assert.ok(plain !== undefined)
    const set = await recordBatch([{ ...plain, headers: { a: values } }])
    const since = performance.now()
    const [message] = messagesOf(await takeAll(batches(set)))
    assert.ok(message !== undefined)
    assert.equal((message.headers['a'] as Buffer[]).length, values.length)
    // Copied at each one, they would take minutes.
    assert.ok(performance.now() - since < 5_000)
  })

  test('keep their headers encoded until they are asked for', async () => {
    const headers = Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [n.toString(36), '']))
    const set = await recordBatch(sample(20).map(plain => ({ ...plain, headers })))
    const before = process.memoryUsage().heapUsed
    const read = messagesOf(await takeAll(batches(set)))
    // As objects, 100,000 headers take more than 12 MB.
    assert.ok(process.memoryUsage().heapUsed - before < 4 * 2 ** 20)
    assert.equal(Object.keys(read.at(-1)?.headers ?? {}).length, 5_000)
  })

  for (const magic of [1, 2]) {
    test(`have the append time if the topic is configured so (format ${magic})`, async () => {
      const read = messagesOf(await takeAll(batches(fixture(`appended-${magic}.records`), 1000)))
      assert.deepEqual(
        read.map(({ timestamp }) => timestamp),
        Array.from({ length: 50 }, () => 1_800_000_000_000),
      )
    })
  }

  test('leave out aborted transactions and markers', async () => {
    const aborted = [{ producerId: 7n, firstOffset: 1000 }]
    const taken = await takeAll(batches(fixture('transactions.records'), 1000, aborted))
    assert.deepEqual(
      messagesOf(taken).map(({ offset, value }) => [offset, value?.toString()]),
      [
        [1001, 'committed 1'],
        [1004, 'committed 2'],
        [1005, 'committed 3'],
      ],
    )
    const last = taken.at(-1)
    assert.equal(last?.kind === 'records' && last.nextOffset, 1008)
  })

  test('leave out records before the fetch offset', async () => {
    const taken = await takeAll(batches(await recordBatch(sample(10), { firstOffset: 100 }), 107))
    assert.deepEqual(
      messagesOf(taken).map(({ offset }) => offset),
      [107, 108, 109],
    )
  })

  test('count key, value and headers', async () => {
    const [message] = messagesOf(await takeAll(batches(await recordBatch(sample(1)))))
    assert.equal(message?.bytes, 'k0'.length + '{"n":0}'.length + 'trace'.length + 1 + 2 * ('twice'.length + 1))
  })

  test('end before a batch that is cut off', async () => {
    const whole = await recordBatch(sample(3))
    const next = await recordBatch(sample(3), { firstOffset: 3 })
    for (const length of [0, 1, 11, 12, 26, 60, next.length - 1]) {
      const set = batches(Buffer.concat([whole, next.subarray(0, length)]))
      assert.equal((await set.take())?.kind, 'records')
      assert.equal(set.isEmpty, true, `at ${length}`)
      assert.equal(set.bytesLeft, 0)
      assert.equal(await set.take(), undefined)
    }
  })
})

describe('a record batch that cannot be decoded', () => {
  before(registerCodecs)

  const gzipped = gzipSync(Buffer.from('not records'))
  const cases: readonly (readonly [what: string, batch: () => Buffer, why: RegExp])[] = [
    [
      'is truncated within its frame',
      () => batchOf(gzipped.subarray(0, 8), { compression: 1 }),
      /gzip.*unexpected end/,
    ],
    ['holds more than the limit', () => batchOf(gzipSync(Buffer.alloc(contentLimit + 1)), { compression: 1 }), /gzip/],
    ['has an unknown compression', () => batchOf(gzipped, { compression: 5 }), /compression 5 is not known/],
    ['holds no records', () => batchOf(gzipped, { compression: 1 }), /./],
    ['has fewer records than declared', () => batchOf(Buffer.alloc(0), { count: 3 }), /cut off/],
    [
      'has more bytes than its records',
      () => batchOf(Buffer.from('0c000000010100ff', 'hex')),
      /there are bytes after the 1 records/,
    ],
    ['declares a negative number of records', () => batchOf(Buffer.alloc(8), { count: -1 }), /count of -1/],
    ['has a future format', () => Buffer.from(batchOf(gzipped)).fill(3, 16, 17), /format 3 is not known/],
    ['has a wrong checksum', () => Buffer.from(batchOf(gzipped)).fill(1, 17, 18), /checksum/],
    ['is truncated, and the first of its fetch', () => batchOf(gzipped).subarray(0, 70), /cut off after 70 bytes/],
  ]

  for (const [what, batch, why] of cases) {
    test(`${what}: is returned unchanged, and not skipped`, async () => {
      const good = await recordBatch(sample(5), { firstOffset: 100 })
      const bad = batch()
      bad.writeBigInt64BE(105n, 0)
      const set = what.includes('first of') ? batches(bad, 105) : batches(Buffer.concat([good, bad]), 100)
      if (!what.includes('first of')) assert.equal((await set.take())?.kind, 'records')
      const taken = await set.take()
      assert.ok(taken?.kind === 'undecodable')
      assert.equal(taken.offset, 105)
      assert.match(taken.why, why)
      assert.deepEqual(taken.raw, bad)
      assert.deepEqual(await set.take(), taken)
    })
  }

  test('has its first and last offset', async () => {
    const taken = await batches(batchOf(gzipped, { firstOffset: 105, compression: 1, count: 3 }), 106).take()
    assert.ok(taken?.kind === 'undecodable')
    assert.deepEqual([taken.offset, taken.lastOffset], [106, 107])
  })

  test('counts as one offset if its offsets are impossible', async () => {
    const batch = batchOf(gzipped, { firstOffset: 105, compression: 1 })
    batch.writeInt32BE(2 ** 31 - 1, 23)
    const taken = await batches(batch, 105).take()
    assert.ok(taken?.kind === 'undecodable')
    assert.deepEqual([taken.offset, taken.lastOffset], [105, 105])
  })

  for (const magic of [0, 1, 2]) {
    for (const name of namesOf(magic)) {
      test(`with changed bytes neither throws nor returns other messages (format ${magic}, ${name})`, async () => {
        const set = fixture(`magic-${magic}-${name}.records`)
        const whole = comparable(messagesOf(await takeAll(batches(set, 1000))))
        await fc.assert(
          fc.asyncProperty(fc.nat(set.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
            const changed = Buffer.from(set)
            changed[at] = (changed[at] ?? 0) ^ flip
            const taken = await takeAll(batches(changed, 1000))
            // The checksum of a batch does not cover its offset and length.
            const values = new Set(whole.map(({ value }) => value?.toString()))
            for (const { value } of messagesOf(taken)) assert.ok(values.has(value?.toString()))
          }),
          { numRuns: 150 },
        )
      })
    }
  }

  test('with any content and a correct checksum does not throw', async () => {
    const content = fc.uint8Array({ maxLength: 80 }).map(array => Buffer.from(array))
    const compression = fc.integer({ min: 0, max: 7 })
    await fc.assert(
      fc.asyncProperty(content, compression, fc.integer({ min: -1, max: 9 }), async (records_, kind, count) => {
        const taken = await takeAll(batches(batchOf(records_, { compression: kind, count })))
        assert.ok(taken.length <= 1)
      }),
      { numRuns: 500 },
    )
  })
})
