import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { bucketOf, encodeFound, encodeVersion, foundIn, partsOf, versionsIn } from '../../src/audit/entries.ts'
import { Spill } from '../../src/audit/spill.ts'
import { found, version } from './versions.ts'

class Counted extends Spill {
  reads = 0
  override entries(bucket: number): Generator<Buffer> {
    this.reads += 1
    return super.entries(bucket)
  }
}

describe('entries on disk', () => {
  const folder = mkdtempSync(join(tmpdir(), 'spill-test-'))
  let spill: Spill
  before(() => (spill = new Spill(folder)))
  after(() => {
    spill.close()
    rmdirSync(folder)
  })

  test('are read in order, whatever their length, also after more are appended', () => {
    const sizes = [0, 1, 100, 16_380, 16_384, 3_000_000, 5]
    const entries = sizes.map((size, n) => Buffer.alloc(size, n))
    for (const entry of entries) spill.append(3, entry)
    spill.append(4, Buffer.from('other'))
    const read = () => [...spill.entries(3)].map(entry => [entry.length, entry[0] ?? 0])
    const expected = sizes.map((size, n) => [size, size === 0 ? 0 : n])
    assert.deepEqual(read(), expected)
    spill.append(3, Buffer.alloc(2, 9))
    assert.deepEqual(read(), [...expected, [2, 9]])
    assert.deepEqual([...spill.entries(200)], [])
  })

  test('are in nameless files, so that none is left behind', () => {
    assert.deepEqual(readdirSync(folder), [])
  })

  test('are split into parts that fit into memory, with each row in one part', () => {
    const many = new Counted(folder)
    const hashes = Array.from(
      { length: 30_000 },
      (_, n) => `07${n.toString(16).padStart(22, '0').slice(-2)}${n.toString(16).padStart(20, '0')}`,
    )
    for (const hash of [...hashes, ...hashes])
      many.append(7, encodeVersion(version('ab', { hash, key: Buffer.alloc(60) })))
    const parts: string[][] = []
    // A part can be read twice.
    for (const entries of partsOf(many, 7)) {
      parts.push([...versionsIn(entries(), 3)].map(one => one.hash))
      assert.equal([...entries()].length, parts.at(-1)?.length)
    }
    many.close()
    assert.ok(parts.length > 3)
    for (const part of parts) assert.ok(part.length < 20_000 && part.length === 2 * new Set(part).size)
    assert.equal(parts.flat().length, 60_000)
    // Otherwise the time would grow with the square of the events.
    assert.equal(many.reads, 1)
  })

  test('decode to the same versions and rows', () => {
    const hash = 'ff00112233445566778899aa'
    const versions = [
      version('a.', { hash, offset: 5_000_000_000, partition: 7, key: Buffer.from('key') }),
      version('-b', { hash, isReplayed: true }),
      version('gone', { hash, isOptional: true }),
    ]
    const row = found('a-', { hash, mendedTo: 'b-', writtenAt: Float64Array.from([NaN, 5, NaN]) })
    const entries = [
      ...versions.slice(0, 2).map(encodeVersion),
      encodeFound(row),
      ...versions.slice(2).map(encodeVersion),
    ]
    assert.deepEqual([...versionsIn(entries, 3)], versions)
    assert.deepEqual([...foundIn(entries, 3)], [row])
    assert.equal(bucketOf(hash), 255)
  })
})
