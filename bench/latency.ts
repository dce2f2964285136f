import { type Candidate } from './candidates.ts'
import { startCandidate } from './candidate-process.ts'
import { type Figures, percentile } from './figures.ts'
import { openLiveProducer, type Sent } from './live.ts'
import { type Rig } from './rig.ts'
import { makeTopic } from './topic.ts'
import { Visibility } from './visibility.ts'

export interface LatencyPlan {
  readonly perSecond: 200 | 2000
  readonly seconds: number
  readonly partitions: number
  readonly programmes: number
  readonly bytes: number
}

/** How many events a second are looked up, few enough not to be a load. */
const samplesPerSecond = 40
const warmUpSeconds = 2

const figuresOf = (perSecond: 200 | 2000, times: readonly number[]): Figures => ({
  [`p50At${perSecond}`]: percentile(times, 0.5),
  [`p95At${perSecond}`]: percentile(times, 0.95),
  [`p99At${perSecond}`]: percentile(times, 0.99),
})

let topics = 0

/**
 * The latency in milliseconds at a steady rate: from just before an event is passed to the producer until its row can be read.
 * For a sample of the events it repeats a SELECT until it returns the row.
 */
export const latency = async (rig: Rig, candidate: Candidate, plan: LatencyPlan): Promise<Figures> => {
  const { perSecond, seconds, partitions } = plan
  const topic = `live_${++topics}`
  await makeTopic(rig.kafka, topic, partitions)
  const run = await rig.run(topic)
  const producer = await openLiveProducer(rig.kafka, topic, plan)
  const visibility = new Visibility(rig.client, run.table)
  const child = await startCandidate(candidate, run.variables)
  // Odd, so that the sample varies within the events of one tick.
  const every = Math.ceil(perSecond / samplesPerSecond) | 1
  const times: Promise<number>[] = []
  let count = 0
  const sample = ({ row, at }: Sent): void => {
    if (count++ % every === 0) times.push(visibility.one(row, 0).then(seenAt => seenAt - at))
  }
  try {
    const { row } = await producer.one()
    await Promise.race([visibility.one(row, 5), child.failed])
    await producer.steadily(perSecond, warmUpSeconds, () => undefined)
    await producer.steadily(perSecond, seconds, sample)
    return figuresOf(perSecond, await Promise.race([Promise.all(times), child.failed]))
  } finally {
    visibility.end()
    await producer.close()
    await child.stop()
    await run.drop()
  }
}
