// The results in docs/faults.md, from those that `npm run faults -- --save` stored.
import { renderTable } from './render-table.ts'
import { type FaultCase, type FaultResult } from '../rig/faults/fault.ts'
import { type SavedResult } from '../rig/faults/saved.ts'

const head = [
  ...['fault', 'what happens', 'seeds', 'events', 'lost', 'wrong', 'repeated beyond window', 'zombies'],
  ...['seconds to recover', 'redelivered', 'peak memory, MB', 'notes', 'date'],
]

/** The first part of a title: what happens. The second part is what the worker must do. */
const whatHappensIn = ({ title }: FaultCase): string => title.split(':', 1)[0] ?? title

export const sumOf = <T extends FaultResult>(results: readonly T[], of: (result: T) => number): number =>
  results.reduce((total, result) => total + of(result), 0)

const mostOf = (results: readonly SavedResult[], of: (result: SavedResult) => number): number =>
  Math.max(...results.map(of))

/** A remark about failures. */
const notesOf = (results: readonly SavedResult[]): string =>
  results
    .filter(({ passed }) => !passed)
    .map(({ seed, failures }) => [`FAILED with seed ${seed}`, ...failures.slice(0, 2)].join('; '))
    .join('; ')

/** All seeds of a case together. */
const rowOf = (fault: FaultCase, results: readonly SavedResult[]): string[] => {
  const start = [fault.name, whatHappensIn(fault)]
  if (results.length === 0) return [...start, ...head.slice(2).map(name => (name === 'notes' ? 'not run' : ''))]
  const figures = [
    sumOf(results, ({ events }) => events),
    sumOf(results, ({ lost }) => lost),
    sumOf(results, ({ wrong }) => wrong),
    sumOf(results, ({ repeatedBeyondWindow }) => repeatedBeyondWindow),
    sumOf(results, ({ zombie }) => zombie),
    mostOf(results, ({ secondsToHeal }) => secondsToHeal ?? 0),
    sumOf(results, ({ redelivered }) => redelivered),
    mostOf(results, ({ rssMaxMb }) => rssMaxMb),
  ]
  const seeds = results.map(({ seed }) => seed).join(', ')
  const date =
    results
      .map(result => result.date)
      .sort()
      .at(-1) ?? ''
  return [...start, seeds, ...figures.map(String), notesOf(results), date]
}

/** A Markdown table with a row for each case, run or not, below a summary. */
export const renderFaultTable = (cases: readonly FaultCase[], saved: readonly SavedResult[]): string => {
  const results = saved.filter(({ fault }) => cases.some(({ name }) => name === fault))
  const rows = cases.map(fault =>
    rowOf(
      fault,
      results.filter(result => result.fault === fault.name),
    ),
  )
  const run = new Set(results.map(({ fault }) => fault)).size
  const sum =
    `${run} of ${cases.length} cases, ${results.length} runs, ${sumOf(results, ({ events }) => events)} events: ` +
    `lost ${sumOf(results, ({ lost }) => lost)}, wrong ${sumOf(results, ({ wrong }) => wrong)}, ` +
    `repeated beyond the window ${sumOf(results, r => r.repeatedBeyondWindow)}, ` +
    `zombies ${sumOf(results, ({ zombie }) => zombie)}, failed ${results.filter(({ passed }) => !passed).length}; ` +
    `${Math.round(sumOf(results, ({ seconds }) => seconds) / 60)} minutes in total.`
  const machines = [...new Set(results.map(({ machine }) => machine))].join('; ')
  return [...(machines === '' ? [] : [`${machines}.`]), sum, renderTable([head, ...rows])].join('\n\n')
}
