// What docs/faults.md says of each fault, from the results that `npm run faults -- --save` has left.
import { renderTable } from '../src/config/render.ts'
import { type FaultCase } from '../test/faults/fault.ts'
import { type SavedResult } from '../test/faults/saved.ts'

const head = [
  ...['fault', 'what is done', 'events', 'lost', 'wrong', 'repeated beyond window', 'zombies', 'seconds to heal'],
  ...['redelivered', 'largest memory, MB', 'else', 'seed', 'date'],
]

/** A title says first what is done, then what has to be seen. */
const doneIn = ({ title }: FaultCase): string => title.split(':', 1)[0] ?? title

/** What the figures do not tell; a result from before metrics were searched for personal data says so. */
const elseOf = ({ passed, failures, seen }: SavedResult): string =>
  [
    ...(passed ? [] : [['FAILED', ...failures.slice(0, 2)].join('; ')]),
    ...(seen['metricsRead'] === undefined ? ['metrics not searched'] : []),
  ].join('; ')

const rowOf = (fault: FaultCase, result: SavedResult | undefined): string[] => {
  const start = [fault.name, doneIn(fault)]
  if (result === undefined) return [...start, ...head.slice(2).map(name => (name === 'else' ? 'not run' : ''))]
  const { events, lost, wrong, repeatedBeyondWindow, zombie, secondsToHeal, redelivered, rssMaxMb } = result
  const counts = [events, lost, wrong, repeatedBeyondWindow, zombie, secondsToHeal ?? '', redelivered, rssMaxMb]
  return [...start, ...counts.map(String), elseOf(result), String(result.seed), result.date]
}

const sumOf = (results: readonly SavedResult[], of: (result: SavedResult) => number): number =>
  results.reduce((total, result) => total + of(result), 0)

/** A table in Markdown with a row for every case, run or not, and the sum above it. */
export const renderFaultTable = (cases: readonly FaultCase[], saved: readonly SavedResult[]): string => {
  const results = saved.filter(({ fault }) => cases.some(({ name }) => name === fault))
  const rows = cases.map(fault =>
    rowOf(
      fault,
      results.find(result => result.fault === fault.name),
    ),
  )
  const sum =
    `${results.length} of ${cases.length} cases, ${sumOf(results, ({ events }) => events)} events: ` +
    `lost ${sumOf(results, ({ lost }) => lost)}, wrong ${sumOf(results, ({ wrong }) => wrong)}, ` +
    `repeated beyond the window ${sumOf(results, r => r.repeatedBeyondWindow)}, ` +
    `zombies ${sumOf(results, ({ zombie }) => zombie)}, failed ${results.filter(({ passed }) => !passed).length}; ` +
    `${Math.round(sumOf(results, ({ seconds }) => seconds) / 60)} minutes together.`
  const machines = [...new Set(results.map(({ machine }) => machine))].join('; ')
  return [...(machines === '' ? [] : [`${machines}.`]), sum, renderTable([head, ...rows])].join('\n\n')
}
