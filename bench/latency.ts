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

/** Of the events so many a second are looked for; the asking must not be a load of its own. */
const samplesPerSecond = 40
const warmUpSeconds = 2

const figuresOf = (perSecond: 200 | 2000, times: readonly number[]): Figures => ({
  [`p50At${perSecond}`]: percentile(times, 0.5),
  [`p95At${perSecond}`]: percentile(times, 0.95),
  [`p99At${perSecond}`]: percentile(times, 0.99),
})

let topics = 0

/**
 * Milliseconds from just before an event is handed to the producer until its row can be read, at a steady rate: of a
 * sample of the events the rows are asked for again and again, each with the next SELECT as soon as one is answered.
 */
export const latency = async (rig: Rig, candidate: Candidate, plan: LatencyPlan): Promise<Figures> => {
  const { perSecond, seconds, partitions } = plan
  const topic = `live_${++topics}`
  await makeTopic(rig.kafka, topic, partitions)
  const run = await rig.run(topic)
  const producer = await openLiveProducer(rig.kafka, topic, plan)
  const visibility = new Visibility(rig.client, run.table)
  const child = await startCandidate(candidate, run.variables)
  // Odd, so that it is not always the same place in what one tick sends.
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
