import { type Environment } from './environment.ts'
import { type FaultCase, type FaultResult } from './fault.ts'
import { marker } from './load.ts'
import { judge, type Seen } from './oracle.ts'
import { Scene } from './scene.ts'
import { readTable } from './table-reader.ts'
import { type TopicMessage } from './topic-reader.ts'

export interface RunOptions {
  readonly environment: Environment
  readonly seed: number
  readonly events?: number | undefined
  readonly main?: string | undefined
  readonly progress: (line: string) => void
}

const readBack = async (scene: Scene): Promise<Seen> => {
  const [topic, deadLetters, table] = await Promise.all([
    scene.readTopic(scene.topic),
    scene.readTopic(scene.deadLetterTopic),
    readTable(scene.environment.cassandra, scene.tableName),
  ])
  return { topic: [...scene.remembered, ...topic], deadLetters: [...scene.rememberedLetters, ...deadLetters], table }
}

/** Personal data must be nowhere but in the table and in a message's own bytes. */
const leaks = (scene: Scene, deadLetters: readonly TopicMessage[]): number =>
  scene.workers.filter(({ output }) => output.includes(marker)).length +
  deadLetters.filter(({ headers }) => [...headers.values()].some(value => value.includes(marker))).length

/** Stops what still runs: with nothing left to do this is in order, and quick. */
const stopWorkers = async (scene: Scene): Promise<void> => {
  for (const worker of scene.workers.filter(({ running }) => running)) {
    // Before it has said anything, a signal ends it as it ends any process.
    await scene.until(() => worker.lines.length > 0 || !worker.running, 30)
    await worker.signal('SIGTERM')
    scene.expect(worker.end === 0, `a worker with nothing left to do ended with ${worker.end ?? '?'} on SIGTERM`)
  }
}

/** Runs one case on servers that are well, and leaves them well. */
export const runFault = async (fault: FaultCase, options: RunOptions): Promise<FaultResult> => {
  const { environment, seed, main, progress } = options
  const { partitions = 2, programmes = 200, eachBad = 0.01 } = fault
  const startedAt = Date.now()
  const events = options.events ?? fault.events
  const name = `${fault.name}-${seed}-${startedAt.toString(36)}`
  const scene = new Scene({ environment, name, seed, events, partitions, programmes, eachBad, main, progress })
  try {
    await scene.open()
    await fault.run(scene).catch((error: unknown) => scene.failures.push(String(error)))
    await environment.mend()
    await stopWorkers(scene)
    const seen = await readBack(scene)
    const { lost, wrong, examples } = judge(seen)
    Object.assign(scene.seen, { rows: seen.table.size, deadLetters: seen.deadLetters.length })
    const leaked = leaks(scene, seen.deadLetters)
    scene.expect(leaked === 0, `personal data in ${leaked} logs or headers`)
    const { redelivered, repeatedBeyondWindow, rssMaxMb, stoppedMaxMs } = await scene.readings()
    const bad = lost + wrong + repeatedBeyondWindow + scene.zombies + scene.failures.length
    return {
      fault: fault.name,
      seed,
      events: seen.topic.length,
      lost,
      wrong,
      repeatedBeyondWindow,
      zombie: scene.zombies,
      secondsToHeal: scene.secondsToHeal ?? null,
      redelivered,
      rssMaxMb,
      stoppedMaxMs,
      seen: scene.seen,
      failures: [...scene.failures, ...examples],
      seconds: Math.round((Date.now() - startedAt) / 1000),
      passed: bad === 0,
    }
  } finally {
    await scene.close()
    await environment.mend()
  }
}
