import { type Judged, judge } from './bounds.ts'
import { type CandidateName } from './candidates.ts'
import { figureNames, type FigureName, figures, type Measurements, spread } from './figures.ts'

/** One set of events, and its results. */
export interface Case {
  readonly title: string
  readonly measured: Measurements
}

const loops = ['batched', 'one-by-one', 'other'] as const satisfies readonly CandidateName[]

const shown = (value: number, digits: number): string => (Number.isNaN(value) ? '' : value.toFixed(digits))

/** Columns as wide as their widest cell; the first is text, the others are numbers. */
const table = (rows: readonly (readonly string[])[]): string => {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0))) ?? []
  const pad = (cell: string, column: number): string =>
    column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)
  return rows.map(row => row.map(pad).join('   ').trimEnd()).join('\n')
}

const medians = (measured: Measurements, present: readonly FigureName[]): string => {
  const names = measured.candidates
  const line = (figure: FigureName): string[] => [
    figures[figure].title,
    ...names.map(name => shown(measured.median(name, figure), figures[figure].digits)),
  ]
  return table([['medians', ...names], ...present.map(line)])
}

/** The median of the rounds, and their range. */
const ratioWithSpread = (measured: Measurements, to: CandidateName, figure: FigureName): string => {
  const [least, most] = spread(measured.ratios('worker', to, figure))
  const ratio = measured.ratio('worker', to, figure)
  return Number.isNaN(ratio) ? '' : `${shown(ratio, 2)} (${shown(least, 2)}-${shown(most, 2)})`
}

const ratios = (measured: Measurements, present: readonly FigureName[]): string => {
  const others = loops.filter(name => measured.candidates.includes(name))
  const line = (figure: FigureName): string[] => [
    figures[figure].title,
    ...others.map(name => ratioWithSpread(measured, name, figure)),
  ]
  return table([['ratios: worker to', ...others], ...present.map(line)])
}

const boundLine = ({ bound: { what, atLeast, atMost }, value, met }: Judged): string => {
  const asked = atLeast === undefined ? `at most ${atMost ?? ''}` : `at least ${atLeast}`
  return `${met ? 'met    ' : 'NOT MET'}  ${what}: ${shown(value, 2)} (${asked})`
}

/** The part of the page about one case. */
export const section = ({ title, measured }: Case): string => {
  const present = figureNames.filter(figure => measured.candidates.some(name => measured.all(name, figure).length > 0))
  const compared = measured.candidates.includes('worker') && measured.candidates.length > 1
  const parts = [`== ${title}`, medians(measured, present), ...(compared ? [ratios(measured, present)] : [])]
  return [...parts, judge(measured).map(boundLine).join('\n')].join('\n\n')
}

/** Columns of microseconds a record, by place. */
export const profileTable = (columns: Readonly<Record<string, ReadonlyMap<string, number>>>): string => {
  const names = Object.keys(columns)
  const places = [...(columns[names[0] ?? '']?.keys() ?? [])]
  return table([
    ['self time a record, us', ...names],
    ...places.map(place => [place, ...names.map(name => shown(columns[name]?.get(place) ?? NaN, 0))]),
  ])
}

/** The page of text. */
export const page = (machine: Readonly<Record<string, string>>, date: string, cases: readonly Case[]): string =>
  [
    `Measured ${date}`,
    table(Object.entries(machine).map(([name, value]) => [name, value])),
    ...cases.map(section),
    '',
  ].join('\n\n')
