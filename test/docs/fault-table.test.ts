import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { renderFaultTable } from '../../scripts/fault-table.ts'
import { type FaultCase } from '../../rig/faults/fault.ts'
import { parseResults, type SavedResult, withResult } from '../../rig/faults/saved.ts'

const cases: FaultCase[] = ['F01-a', 'F02-b'].map(name => ({
  name,
  title: `Made of ${name}: seen`,
  events: 1,
  run: () => Promise.resolve(),
}))

const result = (fault: string, more: Partial<SavedResult> = {}): SavedResult => ({
  ...{ fault, seed: 7, events: 100, lost: 0, wrong: 0, repeatedBeyondWindow: 0, zombie: 0, secondsToHeal: 1.5 },
  ...{
    redelivered: 3,
    rssMaxMb: 90,
    stoppedMaxMs: 1,
    seen: { metricsRead: 1 },
    failures: [],
    seconds: 60,
    passed: true,
  },
  ...{ date: '2026-01-02', machine: 'a machine', servers: 'new servers', ...more },
})

const cellsOf = (table: string, name: string): string[] =>
  (table.split('\n').find(line => line.startsWith(`| ${name}`)) ?? '').split('|').map(cell => cell.trim())

describe('the table of faults', () => {
  test('has the figures of cases that ran, and marks the others', () => {
    const table = renderFaultTable(cases, [result('F01-a')])
    const figures = ['7', '100', '1.5', '3', '90', '']
    assert.deepEqual(cellsOf(table, 'F01-a').slice(1, -1), ['F01-a', 'Made of F01-a', ...figures])
    assert.ok(cellsOf(table, 'F02-b').includes('not run'))
    const sum = '1 of 2 cases, 1 runs, 100 events: lost 0, wrong 0, '
    assert.ok(table.startsWith(`a machine, new servers; the last run was on 2026-01-02.\n\n${sum}`), table)
  })

  test('combines the seeds of a case: sums and maxima', () => {
    const table = renderFaultTable(cases, [
      result('F01-a'),
      result('F01-a', { seed: 8, secondsToHeal: 9, rssMaxMb: 80 }),
    ])
    const figures = ['7, 8', '200', '9', '6', '90', '']
    assert.deepEqual(cellsOf(table, 'F01-a').slice(3, -1), figures)
  })

  test('has the figures that a case names, as a range over its seeds', () => {
    const [first, ...others] = cases
    assert.ok(first)
    const figures = { p99Ms: 'p99, ms', rate: 'rate', other: 'not measured' }
    const table = renderFaultTable(
      [{ ...first, figures }, ...others],
      [
        result('F01-a', { seen: { p99Ms: 800, rate: 1, rows: 5 } }),
        result('F01-a', { seed: 8, seen: { p99Ms: 500, rate: 1 } }),
      ],
    )
    assert.equal(cellsOf(table, 'F01-a').at(-2), 'p99, ms: 500 to 800; rate: 1')
  })

  test('says what failed', () => {
    const failed = { lost: 2, passed: false, failures: ['no row of 1:2', 'no row of 3:4', 'no row of 5:6'] }
    const table = renderFaultTable(cases, [result('F01-a', failed)])
    assert.ok(cellsOf(table, 'F01-a').includes('FAILED with seed 7; no row of 1:2; no row of 3:4'))
    assert.ok(table.includes('lost 2, ') && table.includes('failed 1; '), table)
  })

  test('has the total of other servers, and what was not run with them', () => {
    const table = renderFaultTable(cases, [result('F01-a'), result('F02-b', { servers: 'old servers', events: 7 })])
    assert.ok(cellsOf(table, 'F02-b').includes('not run'))
    assert.ok(table.includes('With old servers: 1 of 2 cases, 1 runs, 7 events: lost 0, '), table)
    assert.ok(table.includes(' Not run: F01-a.'), table)
  })

  test('keeps the last result of each fault with each seed and the same servers, of one machine', () => {
    const saved = [result('F01-a'), result('F02-b', { machine: 'another' })]
    assert.deepEqual(withResult(saved, result('F03-c')), [result('F01-a'), result('F03-c')])
    const [first, again, other] = [result('F01-a'), result('F01-a', { events: 5 }), result('F01-a', { seed: 8 })]
    assert.deepEqual(withResult([first], again), [again])
    assert.deepEqual(withResult([other], first), [first, other])
    const older = result('F01-a', { servers: 'an old server' })
    assert.deepEqual(withResult([older], first), [first, older])
  })

  test('reads stored results', () => {
    assert.deepEqual(parseResults(`${JSON.stringify(result('F01-a'))}\n`), [result('F01-a')])
  })
})
