import { type Counts } from '../metrics/counts.ts'
import { between, meanOf, quantile, type Snapshot } from '../metrics/histogram.ts'

/** How many seconds the history has. */
export const keptSeconds = 300

/** All counts at one moment. */
interface Moment {
  readonly read: number
  readonly written: number
  readonly superseded: number
  readonly deadLettered: number
  readonly commits: number
  readonly pauses: number
  readonly writes: Snapshot
  readonly ages: Snapshot
  readonly rows: Snapshot
  readonly parse: Snapshot
  readonly flatten: Snapshot
}

const momentOf = (counts: Counts): Moment => ({
  read: counts.read,
  written: counts.settled.written,
  superseded: counts.settled.superseded,
  deadLettered: counts.settled['dead-lettered'],
  commits: counts.commits,
  pauses: counts.pauses,
  writes: counts.writeSeconds.snapshot(),
  ages: counts.endToEndSeconds.snapshot(),
  rows: counts.batchRows.snapshot(),
  parse: counts.stepSeconds.parse.snapshot(),
  flatten: counts.stepSeconds.flatten.snapshot(),
})

/** One second of rates, times and records; null if there are no values. */
export interface Second {
  readonly read: number
  readonly written: number
  readonly deadLettered: number
  readonly writeMs: number | null
  readonly ageMs: number | null
  readonly ageP99Ms: number | null
  readonly lag: number
  readonly inFlight: number
}

/** Rates and durations over the last few seconds. */
export interface Pace {
  readonly read: number
  readonly written: number
  readonly superseded: number
  readonly deadLettered: number
  readonly commits: number
  readonly pauses: number
  readonly batchRows: number | null
  readonly parseMs: number | null
  readonly flattenMs: number | null
  readonly writeMs: number | null
  readonly ageMs: number | null
}

const inMs = (seconds: number | undefined): number | null =>
  seconds === undefined ? null : Number((seconds * 1000).toPrecision(3))

const paceSeconds = 5

/** The last minutes, by the second. */
export class History {
  readonly seconds: Second[] = []
  readonly #counts: Counts
  /** The moments of the last few seconds, oldest first. */
  readonly #moments: Moment[]

  constructor(counts: Counts) {
    this.#counts = counts
    this.#moments = [momentOf(counts)]
  }

  /** A second has passed. */
  tick(lag: number, inFlight: number): void {
    const last = this.#moments.at(-1) ?? momentOf(this.#counts)
    const now = momentOf(this.#counts)
    const ages = between(last.ages, now.ages)
    this.seconds.push({
      read: now.read - last.read,
      written: now.written - last.written,
      deadLettered: now.deadLettered - last.deadLettered,
      writeMs: inMs(meanOf(between(last.writes, now.writes))),
      ageMs: inMs(quantile(ages, this.#counts.endToEndSeconds.bounds, 0.5)),
      ageP99Ms: inMs(quantile(ages, this.#counts.endToEndSeconds.bounds, 0.99)),
      lag,
      inFlight,
    })
    if (this.seconds.length > keptSeconds) this.seconds.shift()
    this.#moments.push(now)
    if (this.#moments.length > paceSeconds + 1) this.#moments.shift()
  }

  get pace(): Pace {
    const [first] = this.#moments
    const last = this.#moments.at(-1)
    if (first === undefined || last === undefined) throw new Error('there is always a moment')
    const seconds = Math.max(1, this.#moments.length - 1)
    const rate = (of: (moment: Moment) => number): number => Math.round(((of(last) - of(first)) / seconds) * 10) / 10
    const mean = (of: (moment: Moment) => Snapshot): number | undefined => meanOf(between(of(first), of(last)))
    const rows = mean(moment => moment.rows)
    return {
      read: rate(moment => moment.read),
      written: rate(moment => moment.written),
      superseded: rate(moment => moment.superseded),
      deadLettered: rate(moment => moment.deadLettered),
      commits: rate(moment => moment.commits),
      pauses: rate(moment => moment.pauses),
      batchRows: rows === undefined ? null : Math.round(rows * 10) / 10,
      // Only some calls are timed. If there are none, earlier ones count.
      parseMs: inMs(mean(moment => moment.parse) ?? meanOf(last.parse)),
      flattenMs: inMs(mean(moment => moment.flatten) ?? meanOf(last.flatten)),
      writeMs: inMs(mean(moment => moment.writes)),
      ageMs: inMs(quantile(between(first.ages, last.ages), this.#counts.endToEndSeconds.bounds, 0.5)),
    }
  }
}
