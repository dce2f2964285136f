import { type Candidate } from './candidates.ts'
import { type CandidateProcess, startCandidate } from './candidate-process.ts'
import { type Figures } from './figures.ts'
import { loadVariables } from './load.ts'
import { cpuSeconds, peakMb } from './process-stats.ts'
import { type Rig, type Run } from './rig.ts'
import { type FilledTopic } from './topic.ts'
import { Visibility } from './visibility.ts'

/** One drain, with the CPU time from the start of the processes to the last visible row. */
export interface Drained extends Pick<Figures, 'rowsPerSecond' | 'peakMb' | 'firstRowMs'> {
  readonly cpuSeconds: number
}

interface Marks {
  readonly first: Promise<number>
  readonly last: Promise<number>
}

const fromRows = (visibility: Visibility, { heads, tails }: FilledTopic): Marks => ({
  first: visibility.any(heads),
  last: visibility.all(tails),
})

const fromLines = (child: CandidateProcess): Marks => ({ first: child.line('first'), last: child.line('last') })

const sumOf = async (children: readonly CandidateProcess[], of: (pid: number) => Promise<number>): Promise<number> =>
  (await Promise.all(children.map(({ pid }) => of(pid)))).reduce((sum, value) => sum + value, 0)

const measure = async (
  children: readonly [CandidateProcess, ...CandidateProcess[]],
  { first, last }: Marks,
  events: number,
): Promise<Drained> => {
  const failed = children.map(child => child.failed)
  const firstAt = await Promise.race([first, ...failed])
  const lastAt = await Promise.race([last, ...failed])
  return {
    cpuSeconds: await sumOf(children, cpuSeconds),
    rowsPerSecond: events / ((lastAt - firstAt) / 1000),
    peakMb: Math.max(...(await Promise.all(children.map(({ pid }) => peakMb(pid))))),
    firstRowMs: firstAt - children[0].startedAt,
  }
}

const settlingMs = 10_000

const verify = async (rig: Rig, run: Run, { name }: Candidate, { name: topic, load }: FilledTopic): Promise<void> => {
  const deadline = Date.now() + settlingMs
  let rows = await rig.countRows(run)
  while (rows < load.events && Date.now() < deadline) rows = await rig.countRows(run)
  if (rows !== load.events) throw new Error(`${name} wrote ${rows} rows of ${load.events}`)
  if (!(await rig.allCommitted(run, topic))) throw new Error(`${name} has not committed what it wrote`)
}

/**
 * Lets one or several new processes drain the topic, with their own table and group. The rate, of all
 * together, counts from the first visible row to the last. Memory is the peak of one process.
 *
 * @throws Error if it ends early, or rows or commits are missing at the end
 */
export const drain = async (rig: Rig, candidate: Candidate, topic: FilledTopic, processes = 1): Promise<Drained> => {
  const run = await rig.run(topic.name)
  const visibility = new Visibility(rig.client, run.table)
  const variables = { ...run.variables, ...loadVariables(topic.load) }
  const child = await startCandidate(candidate, variables)
  const others = await Promise.all(Array.from({ length: processes - 1 }, () => startCandidate(candidate, variables)))
  try {
    const marks = candidate.seenBy === 'rows' ? fromRows(visibility, topic) : fromLines(child)
    const result = await measure([child, ...others], marks, topic.load.events)
    if (candidate.seenBy === 'rows') await verify(rig, run, candidate, topic)
    return result
  } finally {
    visibility.end()
    await Promise.all([child, ...others].map(each => each.stop()))
    await run.drop()
  }
}
