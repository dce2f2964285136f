import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { bucketOf, encodeFound, encodeVersion, foundIn, versionsIn } from '../../src/audit/entries.ts'
import { Spill } from '../../src/audit/spill.ts'
import { found, version } from './versions.ts'

describe('entries on disk', () => {
  const folder = mkdtempSync(join(tmpdir(), 'spill-test-'))
  let spill: Spill
  before(() => (spill = new Spill(folder)))
  after(() => {
    spill.close()
    rmdirSync(folder)
  })

  test('come back in their order, of whatever length, also after more were added', () => {
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

  test('have no name, so that none is left behind', () => {
    assert.deepEqual(readdirSync(folder), [])
  })

  test('hold versions and rows as they were', () => {
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
