import { type CandidateName } from './candidates.ts'
import { type FigureName, type Measurements } from './figures.ts'

/** A target of the worker: a figure, or its ratio to another candidate. */
export interface Bound {
  readonly what: string
  readonly figure: FigureName
  readonly to?: CandidateName
  readonly atLeast?: number
  readonly atMost?: number
}

export const bounds: readonly Bound[] = [
  { what: 'drain, of the batched loop', figure: 'rowsPerSecond', to: 'batched', atLeast: 1 },
  { what: 'CPU a record, of the batched loop', figure: 'cpuMicrosPerRecord', to: 'batched', atMost: 0.85 },
  { what: 'peak memory, MB', figure: 'peakMb', atMost: 128 },
  { what: 'p50 at 200/s, of the one-by-one loop', figure: 'p50At200', to: 'one-by-one', atMost: 1.2 },
  { what: 'p99 at 200/s, of the one-by-one loop', figure: 'p99At200', to: 'one-by-one', atMost: 1 },
  { what: 'start to first row, of the batched loop', figure: 'firstRowMs', to: 'batched', atMost: 1 },
  { what: 'CPU while idle, % of a core', figure: 'idlePercent', atMost: 1 },
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
