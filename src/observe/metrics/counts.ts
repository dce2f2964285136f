import { type Fault } from '../../model/faults.ts'
import { type Outcome, type Settled } from '../../model/record.ts'
import { type Step, steps } from '../../model/step.ts'
import { type Reason, reasons } from '../../stream/invalid-event.ts'
import { Histogram } from './histogram.ts'

export const faultKinds = ['transient', 'misconfigured'] as const satisfies readonly Fault['kind'][]

/** The steps of which some calls are timed. */
export const timedSteps = ['parse', 'flatten'] as const

export type TimedStep = (typeof timedSteps)[number]

// Seconds. A record may have been in the topic for days; one step takes microseconds.
const ages = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 21_600]
const writeTimes = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
const stepTimes = [0.000005, 0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01]
const rows = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]

const zeroed = <K extends string>(names: readonly K[]): Record<K, number> =>
  Object.fromEntries(names.map(name => [name, 0])) as Record<K, number>

/** Plain counters, cheap enough to update for every record. */
export class Counts {
  read = 0
  readonly settled: Record<Outcome, number> = { written: 0, superseded: 0, 'dead-lettered': 0 }
  readonly deadLetters = zeroed(Object.keys(reasons) as Reason[])
  readonly retries = Object.fromEntries(steps.map(step => [step, zeroed(faultKinds)])) as Record<
    Step,
    Record<Fault['kind'], number>
  >
  commits = 0
  pauses = 0
  rebalances = 0
  restarts = 0
  skippedByRetention = 0
  readonly batchRows = new Histogram(rows)
  readonly writeSeconds = new Histogram(writeTimes)
  /** Time from a record's timestamp to the write of its row. */
  readonly endToEndSeconds = new Histogram(ages)
  readonly stepSeconds: Readonly<Record<TimedStep, Histogram>> = {
    parse: new Histogram(stepTimes),
    flatten: new Histogram(stepTimes),
  }

  /** @param now milliseconds since 1970 */
  settle({ as, records }: Settled, now: number): void {
    this.settled[as] += records.length
    if (as !== 'written') return
    for (const { timestamp } of records) this.endToEndSeconds.observe((now - timestamp) / 1000)
  }

  /** All retries together. */
  get retried(): number {
    return steps.reduce((sum, step) => sum + faultKinds.reduce((all, kind) => all + this.retries[step][kind], 0), 0)
  }
}
