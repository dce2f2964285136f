import { type CandidateName } from './candidates.ts'
import { type FigureName, type Measurements } from './figures.ts'

/** A target of the worker: a figure, or its ratio to another candidate. */
export interface Bound {
  readonly what: string
  readonly figure: FigureName
  readonly to?: CandidateName
  readonly atLeast?: number
  readonly atMost?: number
  /** Why it is not met, according to a profile: docs/performance.md, "Why some targets are not met". */
  readonly limit?: string
}

const upkeep = "RxJS for each batch, and the collector: a record's objects live until its write is answered"

const tail = 'other processes on the machine: three rounds without them meet it'

export const bounds: readonly Bound[] = [
  { what: 'drain, of the batched loop', figure: 'rowsPerSecond', to: 'batched', atLeast: 0.95, limit: upkeep },
  {
    what: 'CPU a record, of the batched loop',
    figure: 'cpuMicrosPerRecord',
    to: 'batched',
    atMost: 1.1,
    limit: upkeep,
  },
  {
    what: 'largest memory, MB',
    figure: 'peakMb',
    atMost: 128,
    limit: "Node and the compiled packages take 90 MB before the first record, the collector's young space up to 48 MB",
  },
  { what: 'p50 at 200/s, of the one-by-one loop', figure: 'p50At200', to: 'one-by-one', atMost: 1.3, limit: tail },
  { what: 'p99 at 200/s, of the one-by-one loop', figure: 'p99At200', to: 'one-by-one', atMost: 1, limit: tail },
  {
    what: 'start to first row, ms',
    figure: 'firstRowMs',
    atMost: 500,
    limit: 'loading the packages, then joining the group and connecting to both servers',
  },
  {
    what: 'CPU while idle, % of a core',
    figure: 'idlePercent',
    atMost: 1,
    limit: 'ten fetches a second: with fewer a resume would take effect later',
  },
]

/** A target, the measured value, and whether it is met. */
export interface Judged {
  readonly bound: Bound
  readonly value: number
  readonly met: boolean
}

/** The targets for which there are figures. */
export const judge = (measured: Measurements): Judged[] =>
  bounds.flatMap(bound => {
    const { figure, to, atLeast = -Infinity, atMost = Infinity } = bound
    const value = to === undefined ? measured.median('worker', figure) : measured.ratio('worker', to, figure)
    return Number.isNaN(value) ? [] : [{ bound, value, met: value >= atLeast && value <= atMost }]
  })
