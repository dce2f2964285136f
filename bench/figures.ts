import { type CandidateName } from './candidates.ts'

/** What is measured, in the order of the tables. */
export const figures = {
  rowsPerSecond: { title: 'drain, rows/s', digits: 0 },
  cpuMicrosPerRecord: { title: 'CPU a record, us', digits: 1 },
  startCpuMs: { title: 'CPU of the start, ms', digits: 0 },
  peakMb: { title: 'largest memory, MB', digits: 0 },
  firstRowMs: { title: 'start to first row, ms', digits: 0 },
  p50At200: { title: 'p50 at 200/s, ms', digits: 1 },
  p95At200: { title: 'p95 at 200/s, ms', digits: 1 },
  p99At200: { title: 'p99 at 200/s, ms', digits: 1 },
  p50At2000: { title: 'p50 at 2000/s, ms', digits: 1 },
  p95At2000: { title: 'p95 at 2000/s, ms', digits: 1 },
  p99At2000: { title: 'p99 at 2000/s, ms', digits: 1 },
  idlePercent: { title: 'CPU while idle, % of a core', digits: 2 },
} as const

export type FigureName = keyof typeof figures
export type Figures = Partial<Record<FigureName, number>>

export const figureNames = Object.keys(figures) as FigureName[]

/** The median; NaN without values. */
export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const [low = NaN, high = low] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]]
  return (low + high) / 2
}

/** The smallest and the largest value; NaN without values. */
export const spread = (values: readonly number[]): readonly [number, number] =>
  values.length === 0 ? [NaN, NaN] : [Math.min(...values), Math.max(...values)]

/** The quantile; NaN without values. */
export const percentile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN
}

/** All figures of one case, by candidate, in the order of the rounds. */
export class Measurements {
  readonly #values = new Map<CandidateName, Map<FigureName, number[]>>()

  add(candidate: CandidateName, measured: Figures): void {
    const own = this.#values.get(candidate) ?? new Map<FigureName, number[]>()
    this.#values.set(candidate, own)
    for (const name of figureNames) {
      const value = measured[name]
      if (value !== undefined) own.set(name, [...(own.get(name) ?? []), value])
    }
  }

  get candidates(): CandidateName[] {
    return [...this.#values.keys()]
  }

  all(candidate: CandidateName, figure: FigureName): readonly number[] {
    return this.#values.get(candidate)?.get(figure) ?? []
  }

  median(candidate: CandidateName, figure: FigureName): number {
    return median(this.all(candidate, figure))
  }

  /** The ratios of all rounds. A disturbance of a round affects both candidates. */
  ratios(candidate: CandidateName, to: CandidateName, figure: FigureName): readonly number[] {
    const other = this.all(to, figure)
    return this.all(candidate, figure).flatMap((value, round) => (other[round] ? [value / other[round]] : []))
  }

  /** The median of the ratios of all rounds. */
  ratio(candidate: CandidateName, to: CandidateName, figure: FigureName): number {
    return median(this.ratios(candidate, to, figure))
  }

  toJSON(): unknown {
    return Object.fromEntries([...this.#values].map(([name, values]) => [name, Object.fromEntries(values)]))
  }
}
