import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { Batch, OpenBatches } from '../../src/ledger/batches.ts'
import { type Accepted } from '../../src/model/record.ts'
import { accepted, lettersOf, offsetsOf, records } from '../records.ts'

const roomy = { rows: 1000, bytes: 1_000_000 }

const offsets = (versions: readonly Accepted[]): string => offsetsOf(versions.map(({ record }) => record))

/** The batches that these versions open, in order. */
const batchesOf = (versions: readonly Accepted[], limits = roomy): Batch[] => {
  const open = new OpenBatches(limits)
  return versions.flatMap(version => open.add(version) ?? [])
}

const contentOf = (batches: readonly Batch[]): string[] =>
  batches.map(({ partition, versions }) => `${partition} ${offsets(versions)}`)

describe('open batches', () => {
  test('group rows by table partition', () => {
    const versions = ['P', 'Q', 'P', 'Q', 'P'].map((p, offset) => accepted(offset, { p, r: `r${offset}` }))
    assert.deepEqual(contentOf(batchesOf(versions)), ['P 0 2 4', 'Q 1 3'])
  })

  test('respect the row limit with many rows', () => {
    const versions = [0, 1, 2, 3, 4].map(offset => accepted(offset, { r: `r${offset}` }))
    assert.deepEqual(contentOf(batchesOf(versions, { ...roomy, rows: 2 })), ['P 0 1', 'P 2 3', 'P 4'])
  })

  test('respect the row limit with versions of one row', () => {
    const versions = [0, 1, 2, 3, 4].map(offset => accepted(offset, offset % 2 === 0 ? { a: 'x' } : { b: 'x' }))
    assert.deepEqual(contentOf(batchesOf(versions, { ...roomy, rows: 2 })), ['P 0 1', 'P 2 3', 'P 4'])
  })

  test('respect the byte limit', () => {
    const versions = [10, 10, 10].map((size, offset) => accepted(offset, { r: `${offset}`, a: 'x'.repeat(size - 2) }))
    // Each of the four columns starts with four bytes of length.
    assert.deepEqual(contentOf(batchesOf(versions, { ...roomy, bytes: 52 })), ['P 0 1', 'P 2'])
    assert.deepEqual(contentOf(batchesOf(versions, { ...roomy, bytes: 51 })), ['P 0', 'P 1', 'P 2'])
  })

  test('accept a single row of any size', () => {
    const versions = [0, 1].map(offset => accepted(offset, { r: `${offset}`, a: 'x'.repeat(100) }))
    assert.deepEqual(contentOf(batchesOf(versions, { ...roomy, bytes: 5 })), ['P 0', 'P 1'])
  })

  test('do not change a batch that is taken', () => {
    const open = new OpenBatches(roomy)
    const first = open.add(accepted(0))
    first?.take()
    const second = open.add(accepted(1))
    assert.deepEqual(contentOf([first ?? assert.fail(), second ?? assert.fail()]), ['P 0', 'P 1'])
  })

  test('keep filling the newer of two batches when the full one is taken', () => {
    const open = new OpenBatches({ ...roomy, rows: 2 })
    const opened = [0, 1, 2].map(offset => open.add(accepted(offset, { r: `${offset}` })))
    opened[0]?.take()
    assert.equal(open.add(accepted(3, { r: '3' })), undefined)
    assert.deepEqual(contentOf([opened[2] ?? assert.fail()]), ['P 2 3'])
  })
})

/** Of versions of one row: those that are written, and those that the last one supersedes. */
const collapsed = (...versions: readonly Accepted[]): [written: string, superseded: string] => {
  const [batch] = batchesOf(versions)
  if (batch === undefined) return ['', '']
  const superseded = batch.recordsSupersededBy(batch.versions).map(({ offset }) => offset)
  return [offsets(batch.versions), offsetsOf(records(...superseded.sort((a, b) => a - b)))]
}

describe('several versions of one row', () => {
  test('collapse to the last', () => {
    assert.deepEqual(collapsed(accepted(0, { a: '1' }), accepted(1, { a: '2' }), accepted(2, { a: '3' })), ['2', '0 1'])
  })

  test('collapse to the last by write timestamp, not by arrival', () => {
    const late = accepted(1, { a: 'old' }, { writeTimestamp: 5 })
    assert.deepEqual(collapsed(accepted(0, { a: 'new' }), late), ['0', '1'])
  })

  test('are both kept, in the order of their timestamps, if the later one leaves a column unset', () => {
    assert.deepEqual(collapsed(accepted(0, { a: '1', b: '1' }), accepted(1, { a: '2' })), ['0 1', ''])
    const early = accepted(1, { a: '1', b: '1' }, { writeTimestamp: 5 })
    assert.deepEqual(collapsed(accepted(0, { a: '2' }), early), ['1 0', ''])
  })

  test('collapse if the later one sets a column to null, which is not the same as unset', () => {
    assert.deepEqual(collapsed(accepted(0, { a: '1', b: '1' }), accepted(1, { a: '2', b: null })), ['1', '0'])
  })

  test('are all covered by one that sets every column', () => {
    const versions = [accepted(0, { a: '1' }), accepted(1, { b: '1' }), accepted(2, { a: '2', b: '2' })]
    assert.deepEqual(collapsed(...versions), ['2', '0 1'])
  })

  test('are all covered by a removal, which is not covered by an upsert', () => {
    const gone = accepted(1, {}, { gone: true })
    assert.deepEqual(collapsed(accepted(0, { a: '1', b: '1' }), gone, accepted(2, { a: '2', b: '2' })), ['1 2', '0'])
  })

  test('are returned, oldest first, if the one that covers them is refused', () => {
    const versions = [accepted(0, { a: '1' }), accepted(1, { b: '1' }), accepted(2, { a: '2', b: '2' })] as const
    const [batch] = batchesOf(versions)
    assert.equal(offsets(batch?.supersededBy(versions[2]) ?? []), '0 1')
  })

  test('are returned oldest first even if one came late', () => {
    const last = accepted(1, { a: '2', b: '2' })
    const late = accepted(2, { b: '1' }, { writeTimestamp: 1_000_000.5 })
    const [batch] = batchesOf([accepted(0, { a: '1' }), last, late])
    assert.equal(offsets(batch?.supersededBy(last) ?? []), '0 2')
  })

  test('collapse by the thousand, as for a hot key during a long fault', () => {
    const versions = Array.from({ length: 50_000 }, (_, offset) => accepted(offset, { a: 'x' }))
    const [written, superseded] = collapsed(...versions)
    assert.deepEqual([written, superseded.split(' ').length], ['49999', 49_999])
  })

  /** A row of the table: in each column, the value with the highest write timestamp. */
  const snapshotOf = (versions: readonly Accepted[]): unknown => {
    let cells: Record<string, string> = {}
    for (const { change } of [...versions].sort((x, y) => x.writeTimestamp - y.writeTimestamp)) {
      if (change.kind === 'remove') cells = {}
      else for (const [column, value] of lettersOf(change)) cells[column] = value
    }
    return { a: cells['a'] ?? 'null', b: cells['b'] ?? 'null' }
  }

  const cell = fc.constantFrom(undefined, null, 'x', 'y', 'z')
  const version = fc.record({ a: cell, b: cell, gone: fc.nat(5), refused: fc.nat(3), at: fc.nat(30) })

  test('give the same table as single writes, whichever are refused, and each settles or is rejected once', () => {
    fc.assert(
      fc.property(fc.array(version, { minLength: 1, maxLength: 12 }), given => {
        const versions = given.map(({ a, b, gone, at }, offset) => {
          const row = { ...(a === undefined ? {} : { a }), ...(b === undefined ? {} : { b }) }
          // All timestamps differ, because otherwise the table would decide between them.
          return accepted(offset, row, { gone: gone === 0, writeTimestamp: at * 100 + offset })
        })
        const isInvalidRequest = ({ record }: Accepted): boolean => given[record.offset]?.refused === 0
        const [batch] = batchesOf(versions)
        assert.ok(batch instanceof Batch)
        const written: Accepted[] = []
        const done: number[] = []
        const write = (some: readonly Accepted[]): void => {
          for (const version of some) {
            done.push(version.record.offset)
            if (isInvalidRequest(version)) write(batch.supersededBy(version))
            else {
              written.push(version)
              done.push(...batch.recordsSupersededBy([version]).map(({ offset }) => offset))
            }
          }
        }
        write(batch.versions)
        assert.deepEqual(
          done.sort((x, y) => x - y),
          [...versions.keys()],
        )
        // A superseded version was never tried. Whether the table refuses it shows only without the later one.
        const superseded = new Set(versions.filter(one => !written.includes(one) && !isInvalidRequest(one)))
        const inTurn = versions.filter(one => superseded.has(one) || !isInvalidRequest(one))
        assert.deepEqual(snapshotOf(written), snapshotOf(inTurn))
      }),
      { numRuns: 2000 },
    )
  })
})
