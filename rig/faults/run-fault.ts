import { judgeAudit } from './audited.ts'
import { type RunCommand } from './command.ts'
import { type Environment } from './environment.ts'
import { type FaultCase, type FaultResult } from './fault.ts'
import { leaks } from './leaks.ts'
import { judge, type Seen, type Verdict } from './oracle.ts'
import { judgeReplicas } from './replicas.ts'
import { untilRingIsWhole } from './ring.ts'
import { Scene } from './scene.ts'
import { readTable } from './table-reader.ts'

export interface RunOptions {
  readonly environment: Environment
  readonly seed: number
  readonly events?: number | undefined
  readonly main?: string | undefined
  /** See `SceneOptions`. */
  readonly command?: RunCommand
  readonly progress: (line: string) => void
}

/** What the topics have, with what they had. */
const readTopics = async (scene: Scene): Promise<Pick<Seen, 'topic' | 'deadLetters'>> => {
  const [topic, deadLetters] = await Promise.all([scene.readTopic(scene.topic), scene.readTopic(scene.deadLetterTopic)])
  return { topic: [...scene.remembered, ...topic], deadLetters: [...scene.rememberedLetters, ...deadLetters] }
}

const readTheTable = async (scene: Scene): Promise<Seen['table']> => {
  const table = await readTable(scene.environment.cassandra, scene.tableName)
  scene.seen['rows'] = table.size
  return table
}

/** The places with personal data. The metrics of the workers must have been searched. */
const lookForLeaks = (scene: Scene, { deadLetters }: Seen): void => {
  const metrics = scene.workers.filter(({ served }) => served.get('metrics')?.includes('sunbird_') === true)
  scene.seen['metricsRead'] = metrics.length
  scene.expect(metrics.length > 0, 'no metrics were searched')
  const found = leaks(scene.workers, deadLetters)
  scene.expect(found.length === 0, `personal data in ${found.slice(0, 5).join(', ')}`)
}

const longestMinutes = 20

const withDeadline = async (run: Promise<void>): Promise<void> => {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not finished after ${longestMinutes} minutes`)), longestMinutes * 60_000)
  })
  await Promise.race([run, tooLate]).finally(() => clearTimeout(timer))
}

/** Stops workers that still run, which is quick without work. */
const stopWorkers = async (scene: Scene): Promise<void> => {
  for (const worker of scene.workers.filter(({ running }) => running)) {
    // Before its first log line, a signal ends it like any other process.
    await scene.until(() => worker.lines.length > 0 || !worker.running, 30)
    await worker.signal('SIGTERM')
    scene.expect(worker.end === 0, `an idle worker ended with ${worker.end ?? '?'} on SIGTERM`)
  }
}

/** Runs the case and the checks after it. Any error is a failure of this case only. */
const play = async (fault: FaultCase, scene: Scene): Promise<void> => {
  const { environment } = scene
  try {
    await scene.open()
    await withDeadline(fault.run(scene))
    await environment.mend()
  } catch (error) {
    scene.failures.push(String(error))
    await environment.mend()
    // Otherwise the topic would still grow while it is read back.
    scene.stopPublishing()
    await scene.untilPublished()
  }
  if (environment.cassandraNodes.length > 1) {
    await untilRingIsWhole(environment.cassandraNodes).catch((error: unknown) => scene.failures.push(String(error)))
  }
  await stopWorkers(scene)
}

const noVerdict: Verdict = { lost: 0, wrong: 0, examples: [] }

const sumOf = (a: Verdict, b: Verdict): Verdict => ({
  lost: a.lost + b.lost,
  wrong: a.wrong + b.wrong,
  examples: [...a.examples, ...b.examples],
})

const look = async (scene: Scene): Promise<Verdict> => {
  try {
    const { cassandraNodes } = scene.environment
    // With one replica the table comes first, because a worker without a counter-measure may leave topics that cannot be read.
    // With several, their own rows do, because reading the table repairs them.
    const alone = cassandraNodes.length === 1 ? await readTheTable(scene) : undefined
    const topics = await readTopics(scene)
    const replicas = alone === undefined ? await judgeReplicas(scene, topics.topic) : noVerdict
    const seen = { ...topics, table: alone ?? (await readTheTable(scene)) }
    Object.assign(scene.seen, { messages: seen.topic.length, deadLetters: seen.deadLetters.length })
    lookForLeaks(scene, seen)
    scene.expect(seen.topic.length > 0, 'something was published (a case without messages shows nothing)')
    const verdict = judge(seen)
    // Without the topic's messages the rig has no expected result.
    if (seen.topic.length > 0) await judgeAudit(scene, verdict)
    return sumOf(verdict, replicas)
  } catch (error) {
    scene.failures.push(`the result cannot be read: ${String(error)}`)
    return noVerdict
  }
}

/** Runs one case on healthy servers, and leaves them healthy. */
export const runFault = async (fault: FaultCase, options: RunOptions): Promise<FaultResult> => {
  const { environment, seed, main, command, progress } = options
  const { partitions = 2, programmes = 200, eachBad = 0.01 } = fault
  const startedAt = Date.now()
  const events = options.events ?? fault.events
  const name = `${fault.name}-${seed}-${startedAt.toString(36)}`
  const scene = new Scene({ environment, name, seed, events, partitions, programmes, eachBad, main, command, progress })
  try {
    await play(fault, scene)
    const { lost, wrong, examples } = await look(scene)
    const { redelivered, repeatedBeyondWindow, rssMaxMb, stoppedMaxMs } = await scene.readings()
    const failures = [...scene.failures, ...examples]
    if (failures.length > 0) progress(`the workers' logs are in ${await scene.saveLogs()}`)
    return {
      fault: fault.name,
      seed,
      events: Math.max(scene.published, Number(scene.seen['messages'] ?? 0)),
      lost,
      wrong,
      repeatedBeyondWindow,
      zombie: scene.zombies,
      secondsToHeal: scene.secondsToHeal ?? null,
      redelivered,
      rssMaxMb,
      stoppedMaxMs,
      seen: scene.seen,
      failures,
      seconds: Math.round((Date.now() - startedAt) / 1000),
      passed: lost + wrong + repeatedBeyondWindow + scene.zombies + failures.length === 0,
    }
  } finally {
    await scene.close()
    await environment.mend()
  }
}
