import { setTimeout as pause } from 'node:timers/promises'
import { type Candidate, type CandidateName } from './candidates.ts'
import { type CandidateProcess, startCandidate } from './candidate-process.ts'
import { type Figures } from './figures.ts'
import { openLiveProducer } from './live.ts'
import { cpuSeconds } from './process-stats.ts'
import { type Rig, type Run } from './rig.ts'
import { makeTopic } from './topic.ts'
import { Visibility } from './visibility.ts'

const settlingMs = 3000

const share = async (child: CandidateProcess, seconds: number): Promise<Figures> => {
  const before = await cpuSeconds(child.pid)
  await pause(seconds * 1000)
  return { idlePercent: (((await cpuSeconds(child.pid)) - before) / seconds) * 100 }
}

let topics = 0

/** The CPU use of each idle candidate, as a share of one core, measured at the same time. */
export const idle = async (
  rig: Rig,
  candidates: readonly Candidate[],
  seconds: number,
): Promise<readonly (readonly [CandidateName, Figures])[]> => {
  const topic = `idle_${++topics}`
  await makeTopic(rig.kafka, topic, 1)
  const producer = await openLiveProducer(rig.kafka, topic, { programmes: 1, bytes: 1800 })
  const { row } = await producer.one()
  const started: { run: Run; child: CandidateProcess; candidate: Candidate }[] = []
  try {
    for (const candidate of candidates) {
      const run = await rig.run(topic)
      const child = await startCandidate(candidate, run.variables)
      started.push({ run, child, candidate })
      await Promise.race([new Visibility(rig.client, run.table).one(row, 5), child.failed])
    }
    await pause(settlingMs)
    return await Promise.all(
      started.map(async ({ child, candidate }) => [candidate.name, await share(child, seconds)] as const),
    )
  } finally {
    await producer.close()
    await Promise.all(started.map(({ child }) => child.stop()))
    for (const { run } of started) await run.drop()
  }
}
