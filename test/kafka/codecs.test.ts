import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import kafkajs from 'kafkajs'
import { type ClientCodec, registerCodecs } from '../../src/kafka/codecs.ts'
import { contentLimit } from '../../src/kafka/codecs/codec.ts'
import { projectFolder } from '../../rig/servers/folders.ts'

/** The numbers in a record batch's attributes. */
const numbers = { GZIP: 1, Snappy: 2, LZ4: 3, ZSTD: 4 } as const

type Compression = keyof typeof numbers

const codec = (name: Compression): ClientCodec => {
  const codecs: Readonly<Record<number, () => unknown>> = kafkajs.CompressionCodecs
  return codecs[numbers[name]]?.() as ClientCodec
}

const fixture = (name: string): Buffer => readFileSync(join(projectFolder, 'test', 'kafka', 'fixtures', name))

/** The text that fixtures/Fixtures.java compresses. */
const text = Array.from({ length: 4000 }, (_, i) => `{"n":${(i * i) % 97},"programName":"Read Together"}\n`).join('')

/** A copy with one byte changed. */
const patched = (bytes: Buffer, at: number, byte: number): Buffer => {
  const copy = Buffer.from(bytes)
  copy[at] = byte
  return copy
}

const flipped = (bytes: Buffer, bit: number): Buffer =>
  patched(bytes, bit >> 3, (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7)))

/** About `count` whole numbers below `end`. The first half is without gaps, because headers are at the start. */
const spread = (end: number, count: number): number[] => {
  const step = Math.max(1, Math.ceil((2 * end) / count))
  const sparse = Array.from({ length: Math.ceil(end / step) }, (_, i) => i * step)
  return [...new Set([...Array.from({ length: Math.min(end, count / 2) }, (_, i) => i), ...sparse])]
}

const refusal = (name: Compression): RegExp =>
  new RegExp(`^Error: cannot decompress a record batch \\(${name.toLowerCase()}\\): .`)

const written: readonly (readonly [Compression, file: string, what: string])[] = [
  ['Snappy', 'producer.snappy', "the Java client's chunks"],
  ['Snappy', 'raw-block.snappy', 'one bare block'],
  ['LZ4', 'producer.lz4', "the Java client's frame"],
  ['LZ4', 'sized-checked.lz4', 'a frame with its size and all checksums'],
  ['ZSTD', 'producer.zstd', "the Java client's frame"],
  ['ZSTD', 'sized.zstd', 'a frame with its size'],
  ['ZSTD', 'checked.zstd', 'a frame with a checksum'],
]

describe('codecs', () => {
  before(registerCodecs)

  for (const [name, file, what] of written) {
    describe(`${name}, ${what}`, () => {
      test('is read', async () => {
        assert.equal((await codec(name).decompress(fixture(file))).toString(), text)
      })

      // Except for a cut between two chunks of snappy, which does not occur here.
      test('is an error if it is cut off', async () => {
        const whole = fixture(file)
        for (const length of [...spread(whole.length, 300), whole.length - 1, whole.length - 4]) {
          await assert.rejects(codec(name).decompress(whole.subarray(0, length)), refusal(name), `at ${length}`)
        }
      })

      test('with a flipped bit is an error or another text, nothing worse', async () => {
        const whole = fixture(file)
        for (const bit of spread(whole.length * 8, 300)) {
          const outcome = await codec(name)
            .decompress(flipped(whole, bit))
            .then(content => (content.length <= 2 * text.length ? 'text' : `${content.length} bytes`), String)
          if (outcome !== 'text') assert.match(outcome, refusal(name), `bit ${bit}`)
        }
      })
    })
  }

  test('a flipped bit is an error if every block has a checksum', async () => {
    const whole = fixture('sized-checked.lz4')
    for (const bit of spread(whole.length * 8, 300)) {
      await assert.rejects(codec('LZ4').decompress(flipped(whole, bit)), refusal('LZ4'), `bit ${bit}`)
    }
  })

  for (const name of ['GZIP', 'Snappy', 'LZ4', 'ZSTD'] as const) {
    test(`${name} without any bytes is an error`, async () => {
      await assert.rejects(codec(name).decompress(Buffer.alloc(0)), refusal(name))
    })
  }

  for (const name of ['GZIP', 'Snappy', 'LZ4'] as const) {
    for (const content of ['', 'a', text]) {
      test(`${name} gives back ${content.length} characters that it compressed`, async () => {
        const compressed = await codec(name).compress({ buffer: Buffer.from(content) })
        assert.equal((await codec(name).decompress(compressed)).toString(), content)
      })
    }
  }

  test('ZSTD refuses to compress', async () => {
    await assert.rejects(codec('ZSTD').compress({ buffer: Buffer.from(text) }), /zstd compression is not supported/)
  })

  test('several Zstandard frames are one content', async () => {
    const twice = Buffer.concat([fixture('sized.zstd'), fixture('producer.zstd')])
    assert.equal((await codec('ZSTD').decompress(twice)).toString(), text + text)
  })

  test('a Zstandard frame gets a window of the size of its content', async () => {
    const asksForTerabytes = patched(fixture('producer.zstd'), 5, 0xff)
    assert.equal((await codec('ZSTD').decompress(asksForTerabytes)).toString(), text)
  })
})

/** A small input that decompresses to more than the limit. */
const bombs: readonly (readonly [Compression, () => Buffer | Promise<Buffer>])[] = [
  ['GZIP', () => codec('GZIP').compress({ buffer: Buffer.alloc(contentLimit + 1) })],
  // A varint with the size, and then no content.
  ['Snappy', () => Buffer.from([0x81, 0x80, 0x80, 0x40, 0])],
  [
    'LZ4',
    () => {
      const block = Buffer.alloc(4 + 65_536)
      block.writeUInt32LE(65_536)
      const header = Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x70, 0x73])
      return Buffer.concat([header, ...Array.from({ length: 33 }, () => block), Buffer.alloc(4)])
    },
  ],
  [
    'ZSTD',
    () => {
      const repeated = (last: number) => [
        ...[...Buffer.from([0, 0, 0])].map((_, i) => ((131_072 << 3) | 2 | last) >> (8 * i)),
        0,
      ]
      const header = [0x28, 0xb5, 0x2f, 0xfd, 0, 0x58]
      return Buffer.from([...header, ...Array.from({ length: 1024 }, () => repeated(0)).flat(), ...repeated(1)])
    },
  ],
]

describe('content larger than the limit', () => {
  before(registerCodecs)

  for (const [name, bomb] of bombs) {
    test(`is an error in ${name}`, async () => {
      const compressed = await bomb()
      await assert.rejects(codec(name).decompress(compressed), /holds more than|larger than/)
    })
  }
})
