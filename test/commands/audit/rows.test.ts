import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { afterEach, describe, test } from 'node:test'
import { asyncScheduler } from 'rxjs'
import { Digester, keyHash, keyOf } from '../../../src/audit/cells.ts'
import { bucketOf, encodeVersion, foundIn } from '../../../src/audit/entries.ts'
import { byReading } from '../../../src/audit/order.ts'
import { Totals } from '../../../src/audit/result.ts'
import { bucketCount, Spill } from '../../../src/audit/spill.ts'
import { type RowReader, type StoredRow } from '../../../src/cassandra/row-reader.ts'
import { readEveryRow, readNamedRows, type RowsOf } from '../../../src/commands/audit/read-rows.ts'
import { Fault } from '../../../src/model/faults.ts'
import { lettersTable } from '../../records.ts'

const digester = new Digester(lettersTable, 1)
const keyFor = (name: string): Buffer => keyOf([Buffer.from('P'), Buffer.from(name)])
const row = (name: string, a: string): StoredRow => ({
  key: [Buffer.from('P'), Buffer.from(name)],
  values: [Buffer.from(a), null],
  writtenAt: [5, NaN],
})

async function* pagesOf(pages: readonly (readonly StoredRow[])[]): AsyncGenerator<readonly StoredRow[]> {
  for (const page of pages) yield await Promise.resolve(page)
}

describe('the rows of an audit', () => {
  const names = Array.from({ length: 300 }, (_, n) => `r${n}`)
  let rows: Spill
  afterEach(() => rows.close())

  const setUp = (reader: Partial<RowReader>, more: Partial<RowsOf> = {}) => {
    rows = new Spill(tmpdir())
    for (const [offset, name] of names.entries()) {
      const key = keyFor(name)
      const hash = keyHash(key)
      const cells = digester.ofValues([Buffer.from('x'), null])
      const version = { partition: 0, offset, time: 0, isReplayed: false, isOptional: false, cells, hash, key }
      rows.append(bucketOf(hash), encodeVersion(version))
    }
    const totals = new Totals()
    const judging = {
      ...{ cells: 3, order: byReading, everyRow: false, isLater: () => false, begunAt: 0 },
      context: { byEvent: false, isWhole: true, endedAt: 10 },
    }
    const of: RowsOf = {
      ...{ rows, digester, types: ['text', 'text'], judging, totals, perSecond: 100_000, first: 0, most: Infinity },
      ...{ progress: () => undefined, signal: new AbortController().signal, clock: asyncScheduler },
      reader: { row: () => Promise.resolve(undefined), parts: 0, rows: () => pagesOf([]), ...reader },
      ...more,
    }
    const doubts = () =>
      Array.from({ length: bucketCount }, (_, bucket) => [...foundIn(rows.entries(bucket), 3)]).flat()
    return { of, totals, doubts }
  }

  test('that are as the topic says are counted, the others noted', async () => {
    const { of, totals, doubts } = setUp({
      row: ([, name]) => {
        if (String(name) === 'r7') return Promise.resolve(undefined)
        return Promise.resolve(row(String(name), String(name) === 'r8' ? 'other' : 'x'))
      },
    })
    assert.equal(await readNamedRows(of), undefined)
    assert.deepEqual([totals.rows, totals.equal, doubts().length], [300, 298, 2])
  })

  test('are so many as are asked for', async () => {
    const { of, totals } = setUp({ row: ([, name]) => Promise.resolve(row(String(name), 'x')) }, { most: 21 })
    await readNamedRows(of)
    assert.deepEqual([totals.rows, totals.equal], [21, 21])
  })

  test('that are not read when it is interrupted are read by the one that goes on', async () => {
    const interruption = new AbortController()
    let count = 0
    const reading = (stopAt: number): Partial<RowReader> => ({
      row: ([, name]) => {
        count += 1
        if (count === stopAt) interruption.abort()
        return Promise.resolve(row(String(name), 'x'))
      },
    })
    const before = setUp(reading(150), { signal: interruption.signal })
    const stoppedAt = await readNamedRows(before.of)
    assert.ok(stoppedAt !== undefined && stoppedAt > 64 && stoppedAt < 192, `stopped at ${stoppedAt}`)
    rows.close()
    const after = setUp(reading(0), { first: stoppedAt })
    assert.equal(await readNamedRows(after.of), undefined)
    // The bucket under way is read again.
    assert.ok(before.totals.rows + after.totals.rows >= 300)
    assert.ok(before.totals.rows + after.totals.rows < 320)
  })

  test('are read again when a fault passes, and not when it lasts', async () => {
    let failures = 1
    const { of, totals } = setUp({
      row: ([, name]) => {
        failures -= 1
        return failures < 0 ? Promise.resolve(row(String(name), 'x')) : Promise.reject(new Fault('transient', 'busy'))
      },
    })
    await readNamedRows(of)
    assert.equal(totals.equal, 300)
    rows.close()
    const lasting = setUp({ row: () => Promise.reject(new Fault('misconfigured', 'no table')) })
    await assert.rejects(readNamedRows(lasting.of), /no table/)
  })

  test('of a whole table are all noted', async () => {
    const pages = [[row('r1', 'x'), row('s', 'x')], [row('r2', 'y')]]
    const { of, doubts } = setUp({
      parts: 2,
      rows: part => pagesOf([pages[part] ?? []]),
    })
    await readEveryRow(of)
    assert.deepEqual(
      doubts().map(({ hash }) => hash).sort(), // prettier-ignore
      ['r1', 's', 'r2'].map(name => keyHash(keyFor(name))).sort(),
    )
  })
})
