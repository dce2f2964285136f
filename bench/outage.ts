import { setTimeout as pause } from 'node:timers/promises'
import { type Cassandra } from '../rig/servers/cassandra.ts'
import { type Candidate } from './candidates.ts'
import { startCandidate } from './candidate-process.ts'
import { type Figures } from './figures.ts'
import { peakMb } from './process-stats.ts'
import { type Rig } from './rig.ts'
import { type FilledTopic } from './topic.ts'
import { Visibility } from './visibility.ts'

/** The peak memory of a process with a backlog, while Cassandra does not answer and during the drain after that. */
export const outage = async (
  rig: Rig,
  cassandra: Cassandra,
  candidate: Candidate,
  topic: FilledTopic,
  seconds: number,
): Promise<Figures> => {
  const run = await rig.run(topic.name)
  const visibility = new Visibility(rig.client, run.table)
  const child = await startCandidate(candidate, run.variables)
  try {
    await Promise.race([visibility.any(topic.heads), child.failed])
    cassandra.pause()
    await Promise.race([pause(seconds * 1000), child.failed]).finally(() => cassandra.resume())
    await Promise.race([visibility.all(topic.tails), child.failed])
    return { peakMb: await peakMb(child.pid) }
  } finally {
    visibility.end()
    await child.stop()
    await run.drop()
  }
}
