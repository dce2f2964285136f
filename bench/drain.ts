import { type Candidate } from './candidates.ts'
import { type CandidateProcess, startCandidate } from './candidate-process.ts'
import { type Figures } from './figures.ts'
import { loadVariables } from './load.ts'
import { cpuSeconds, peakMb } from './process-stats.ts'
import { type Rig, type Run } from './rig.ts'
import { type FilledTopic } from './topic.ts'
import { Visibility } from './visibility.ts'

interface Marks {
  readonly first: Promise<number>
  readonly last: Promise<number>
}

const fromRows = (visibility: Visibility, { heads, tails }: FilledTopic): Marks => ({
  first: visibility.any(heads),
  last: visibility.all(tails),
})

const fromLines = (child: CandidateProcess): Marks => ({ first: child.line('first'), last: child.line('last') })

const measure = async (child: CandidateProcess, { first, last }: Marks, events: number): Promise<Figures> => {
  const firstAt = await Promise.race([first, child.failed])
  const cpuBefore = await cpuSeconds(child.pid)
  const lastAt = await Promise.race([last, child.failed])
  const cpu = (await cpuSeconds(child.pid)) - cpuBefore
  return {
    rowsPerSecond: events / ((lastAt - firstAt) / 1000),
    cpuMicrosPerRecord: (cpu / events) * 1e6,
    peakMb: await peakMb(child.pid),
    firstRowMs: firstAt - child.startedAt,
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
 * Lets a new process drain the topic into a table of its own, as a group of its own. Rate and processor time are those
 * from the first row seen to the last, so without what starting costs; memory is the largest since the start.
 *
 * @throws Error when it ends early, or rows or commits are missing at the end.
 */
export const drain = async (
  rig: Rig,
  candidate: Candidate,
  topic: FilledTopic,
  settings: Readonly<Record<string, string>> = {},
  nodeOptions?: readonly string[],
): Promise<Figures> => {
  const run = await rig.run(topic.name)
  const visibility = new Visibility(rig.client, run.table)
  const variables = { ...run.variables, ...loadVariables(topic.load), ...settings }
  const child = await startCandidate(candidate, variables, nodeOptions)
  try {
    const marks = candidate.seenBy === 'rows' ? fromRows(visibility, topic) : fromLines(child)
    const result = await measure(child, marks, topic.load.events)
    if (candidate.seenBy === 'rows') await verify(rig, run, candidate, topic)
    return result
  } finally {
    visibility.end()
    await child.stop()
    await run.drop()
  }
}
