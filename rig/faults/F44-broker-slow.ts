import { latencyOf, type Sample, samplePartitions } from './commit-latency.ts'
import { type FaultCase } from './fault.ts'
import { coordinatorOf, leaderOf } from './leaders.ts'
import { type Scene } from './scene.ts'

const perSecond = 300
const calmSeconds = 10
const slowSeconds = 40
const latencyMs = 300
const brokers = 3

/** At three quarters of the load, its lag would exceed this in 40 s. */
const lagSeconds = 10

/** The share of the published messages that was committed at the same time, and the largest lag. */
const progressOf = (samples: readonly Sample[]): { share: number; lag: number } => {
  const [first, last] = [samples[0], samples.at(-1)]
  if (first === undefined || last === undefined) throw new Error('no samples')
  const share = (last.committed - first.committed) / (last.published - first.published)
  return {
    share: Math.round(100 * share) / 100,
    lag: Math.max(...samples.map(({ published, committed }) => published - committed)),
  }
}

/** Each partition has another leader. The slow one is also the group coordinator, which all commits and heartbeats go to. */
const slowPartition = async (scene: Scene): Promise<number> => {
  const leaders = await Promise.all([0, 1, 2].map(partition => leaderOf(scene, scene.topic, partition)))
  scene.expect(new Set(leaders).size === brokers, `each broker leads one partition, but they are ${leaders.join()}`)
  return leaders.indexOf(await coordinatorOf(scene))
}

export const brokerSlow: FaultCase = {
  name: 'F44-broker-slow',
  title: `One of three brokers, the group coordinator, answers ${2 * latencyMs} ms later for ${slowSeconds} s: the partitions of the others keep their rate, and the lag of its own stays small`,
  figures: {
    calmP99Ms: 'p99 before, ms',
    othersP99Ms: 'of the others, ms',
    slowP99Ms: 'of the slow one, ms',
    slowLag: 'its largest lag',
  },
  events: perSecond * (calmSeconds + slowSeconds + 10),
  brokers,
  quiet: true,
  partitions: brokers,
  run: async scene => {
    scene.startPublishing(perSecond)
    const worker = await scene.startWorker()
    await scene.untilCommitted(perSecond * 2)
    const slow = await slowPartition(scene)
    const link = scene.environment.kafkaLinks[(await coordinatorOf(scene)) - 1]
    if (link === undefined) throw new Error('no link to the coordinator')
    const sampling = samplePartitions(scene, brokers)
    await scene.pass(calmSeconds)
    const beginAt = Date.now()
    link.weather = { latencyMs }
    await scene.until(() => !worker.running, slowSeconds)
    const endAt = Date.now()
    link.weather = {}
    scene.healed()
    await scene.pass(5)
    await sampling.stop()
    const seen = sampling.partitions.map(samples => ({
      calmP99: latencyOf(samples, 0, beginAt).p99,
      p99: latencyOf(samples, beginAt, endAt).p99,
      ...progressOf(samples.filter(({ time }) => time > beginAt && time < endAt)),
    }))
    const others = seen.filter((_, partition) => partition !== slow)
    const own = seen[slow]
    if (own === undefined) throw new Error('no partition of the slow broker')
    const calmP99Ms = Math.max(...seen.map(({ calmP99 }) => calmP99))
    const othersP99Ms = Math.max(...others.map(({ p99 }) => p99))
    const othersShare = Math.min(...others.map(({ share }) => share))
    const ofSlow = { slowP99Ms: own.p99, slowShare: own.share, slowLag: own.lag }
    Object.assign(scene.seen, { calmP99Ms, othersP99Ms, othersShare, ...ofSlow })
    scene.expect(worker.running, 'the worker survives')
    scene.expect(othersP99Ms <= calmP99Ms + 2_000, `p99 of the others is ${othersP99Ms} ms, ${calmP99Ms} ms before`)
    scene.expect(othersShare >= 0.9, `of the others, ${othersShare} of what is published is committed`)
    scene.expect(own.lag <= lagSeconds * (perSecond / brokers), `its own partition is ${own.lag} messages behind`)
    await scene.caughtUp()
    scene.expect(!worker.lines.some(({ message }) => message.includes('paused: waiting')), 'it waits for no fault')
  },
}
