import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { projectFolder } from '../rig/servers/folders.ts'
import { type FigureName, figures, type Measurements } from './figures.ts'

/**
 * The ratios that the quick mode guards, and their tolerances. Ratios to the batched loop hardly depend on the machine. A
 * tolerance is the difference between three runs of the same code on one day, on two cores. test/cost.test.ts finds smaller
 * regressions. Latency is not guarded, because single rounds differ by a factor of six.
 */
const guarded: readonly { figure: FigureName; better: 'more' | 'less'; tolerance: number }[] = [
  { figure: 'rowsPerSecond', better: 'more', tolerance: 0.3 },
  { figure: 'cpuMicrosPerRecord', better: 'less', tolerance: 0.3 },
  { figure: 'peakMb', better: 'less', tolerance: 0.15 },
  { figure: 'firstRowMs', better: 'less', tolerance: 0.4 },
]

type Baseline = Partial<Record<FigureName, number>>

const file = join(projectFolder, 'bench', 'baseline.json')

const ratiosOf = (measured: Measurements): Baseline =>
  Object.fromEntries(
    guarded.map(({ figure }) => [figure, Number(measured.ratio('worker', 'batched', figure).toFixed(3))]),
  )

export const saveBaseline = async (measured: Measurements): Promise<void> =>
  writeFile(file, `${JSON.stringify(ratiosOf(measured), undefined, 2)}\n`)

const readBaseline = async (): Promise<Baseline> => {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Baseline
  } catch (error) {
    throw new Error(`there is no ${file} to compare with; make it: npm run bench -- --quick --save-baseline`, {
      cause: error,
    })
  }
}

/** A line for each guarded ratio, and whether any is clearly worse. */
export const compare = async (measured: Measurements): Promise<{ lines: string[]; worse: boolean }> => {
  const saved = await readBaseline()
  const now = ratiosOf(measured)
  const compared = guarded.map(({ figure, better, tolerance }) => {
    const [before = NaN, after = NaN] = [saved[figure], now[figure]]
    const change = after / before - 1
    const worse = (better === 'more' ? -change : change) > tolerance
    const verdict = worse ? 'WORSE' : 'ok   '
    const percent = `${change < 0 ? '' : '+'}${(change * 100).toFixed(0)} %`
    return { worse, line: `${verdict}  ${figures[figure].title}, to batched: ${after}, was ${before} (${percent})` }
  })
  return { lines: compared.map(({ line }) => line), worse: compared.some(({ worse }) => worse) }
}
