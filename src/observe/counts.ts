import { type Outcome, type Settled } from '../record.ts'
import { type Reason, reasons } from '../rejection.ts'

/** What can have to wait for a fault to pass. */
export const steps = ['cassandra', 'topics', 'consume', 'write', 'dead-letter', 'commit'] as const

export type Step = (typeof steps)[number]

/** Plain numbers that only grow, cheap enough to be counted for every record. */
export class Counts {
  read = 0
  readonly settled: Record<Outcome, number> = { written: 0, superseded: 0, 'dead-lettered': 0 }
  readonly deadLetters = Object.fromEntries(Object.keys(reasons).map(reason => [reason, 0])) as Record<Reason, number>
  readonly retries = Object.fromEntries(steps.map(step => [step, 0])) as Record<Step, number>
  commits = 0
  pauses = 0
  skippedByRetention = 0

  settle({ as, records }: Settled): void {
    this.settled[as] += records.length
  }
}
