// The results in docs/faults.md, from those that `npm run faults -- --save` stored.
import { renderTable } from './render-table.ts'
import { type FaultCase, type FaultResult } from '../rig/faults/fault.ts'
import { type SavedResult } from '../rig/faults/saved.ts'

const head = [
  'fault',
  'what happens',
  'seeds',
  'events',
  'seconds to recover',
  'redelivered',
  'peak memory, MB',
  'seen',
]

/** The first part of a title: what happens. The second part is what the worker must do. */
const whatHappensIn = ({ title }: FaultCase): string => title.split(':', 1)[0] ?? title

export const sumOf = <T extends FaultResult>(results: readonly T[], of: (result: T) => number): number =>
  results.reduce((total, result) => total + of(result), 0)

const mostOf = (results: readonly SavedResult[], of: (result: SavedResult) => number): number =>
  Math.max(...results.map(of))

const failuresOf = (results: readonly SavedResult[]): string[] =>
  results
    .filter(({ passed }) => !passed)
    .map(({ seed, failures }) => [`FAILED with seed ${seed}`, ...failures.slice(0, 2)].join('; '))

/** The case's own figures, as a range if they differ from seed to seed. */
const figuresOf = ({ figures = {} }: FaultCase, results: readonly SavedResult[]): string[] =>
  Object.entries(figures).flatMap(([key, name]) => {
    const values = results.map(({ seen }) => Number(seen[key])).filter(Number.isFinite)
    if (values.length === 0) return []
    const [least, most] = [Math.min(...values), Math.max(...values)]
    return [`${name}: ${least === most ? least : `${least} to ${most}`}`]
  })

/** All seeds of a case together. */
const rowOf = (fault: FaultCase, results: readonly SavedResult[]): string[] => {
  const start = [fault.name, whatHappensIn(fault)]
  if (results.length === 0) return [...start, ...head.slice(2).map(name => (name === 'seen' ? 'not run' : ''))]
  const figures = [
    sumOf(results, ({ events }) => events),
    mostOf(results, ({ secondsToHeal }) => secondsToHeal ?? 0),
    sumOf(results, ({ redelivered }) => redelivered),
    mostOf(results, ({ rssMaxMb }) => rssMaxMb),
  ]
  const seeds = results.map(({ seed }) => seed).join(', ')
  return [...start, seeds, ...figures.map(String), [...failuresOf(results), ...figuresOf(fault, results)].join('; ')]
}

const totalOf = (cases: readonly FaultCase[], results: readonly SavedResult[]): string => {
  const run = new Set(results.map(({ fault }) => fault)).size
  return (
    `${run} of ${cases.length} cases, ${results.length} runs, ${sumOf(results, ({ events }) => events)} events: ` +
    `lost ${sumOf(results, ({ lost }) => lost)}, wrong ${sumOf(results, ({ wrong }) => wrong)}, ` +
    `repeated beyond the window ${sumOf(results, r => r.repeatedBeyondWindow)}, ` +
    `zombies ${sumOf(results, ({ zombie }) => zombie)}, failed ${results.filter(({ passed }) => !passed).length}; ` +
    `${Math.round(sumOf(results, ({ seconds }) => seconds) / 60)} minutes in total.`
  )
}

/** The total with other servers, and what was not run with them. */
const totalElsewhere = (cases: readonly FaultCase[], servers: string, results: readonly SavedResult[]): string => {
  const left = cases.filter(({ name }) => results.every(({ fault }) => fault !== name)).map(({ name }) => name)
  const failed = failuresOf(results)
  return [
    `With ${servers}: ${totalOf(cases, results)}`,
    ...(left.length === 0 ? [] : [`Not run: ${left.join(', ')}.`]),
    ...(failed.length === 0 ? [] : [failed.join('; ')]),
  ].join(' ')
}

/**
 * A Markdown table with a row for each case, run or not, below a summary. The table is for the servers that are stored first;
 * the others have their totals.
 */
export const renderFaultTable = (cases: readonly FaultCase[], saved: readonly SavedResult[]): string => {
  const results = saved.filter(({ fault }) => cases.some(({ name }) => name === fault))
  const on = (servers: string | undefined): SavedResult[] => results.filter(result => result.servers === servers)
  const [first, ...others] = [...new Set(results.map(({ servers }) => servers))]
  const rows = cases.map(fault =>
    rowOf(
      fault,
      on(first).filter(result => result.fault === fault.name),
    ),
  )
  const machine = results[0]?.machine
  const lastDay = results
    .map(({ date }) => date)
    .sort()
    .at(-1)
  const ran = machine === undefined ? [] : [`${machine}, ${first}; the last run was on ${lastDay}.`]
  const elsewhere = others.map(servers => totalElsewhere(cases, servers, on(servers)))
  return [...ran, totalOf(cases, on(first)), ...elsewhere, renderTable([head, ...rows])].join('\n\n')
}
