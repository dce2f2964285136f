import { latencyOf, sampleCommits } from './commit-latency.ts'
import { type FaultCase } from './fault.ts'
import { type Scene } from './scene.ts'

const perSecond = 200
const calmSeconds = 15
const hangSeconds = 60

/** Measures the same load without a fault and during `fault`, and checks the limits for the latter. */
export const compareLatency = async (
  scene: Scene,
  fault: { begin(): void | Promise<void>; end(): void | Promise<void> },
  bounds: { p99Ms: number; rateShare: number },
): Promise<void> => {
  scene.startPublishing(perSecond)
  const worker = await scene.startWorker()
  await scene.untilCommitted(perSecond * 2)
  const sampling = sampleCommits(scene)
  await scene.pass(calmSeconds)
  const beginAt = Date.now()
  await fault.begin()
  await scene.until(() => !worker.running, hangSeconds)
  const endAt = Date.now()
  await fault.end()
  scene.healed()
  await scene.pass(5)
  await sampling.stop()
  const calm = latencyOf(sampling.samples, 0, beginAt)
  const sick = latencyOf(sampling.samples, beginAt, endAt)
  Object.assign(scene.seen, {
    calmP99Ms: calm.p99,
    sickP50Ms: sick.p50,
    sickP99Ms: sick.p99,
    sickRate: Math.round((100 * sick.rate) / calm.rate) / 100,
  })
  scene.expect(worker.running, 'the worker survives')
  scene.expect(sick.p99 <= bounds.p99Ms, `p99 ${sick.p99} ms from published to committed, at most ${bounds.p99Ms}`)
  scene.expect(sick.rate >= bounds.rateShare * calm.rate, `rate ${sick.rate}/s, ${calm.rate}/s without the fault`)
  await scene.caughtUp()
}

/** The number of events at this rate, plus some for afterwards. */
export const eventsOfComparison = perSecond * (calmSeconds + hangSeconds + 15)

export const nodeHangs: FaultCase = {
  name: 'F41-node-hangs',
  title: 'One of three nodes suspended with SIGSTOP for 60 s, its port open: the other two take the writes',
  figures: { calmP99Ms: 'p99 before, ms', sickP99Ms: 'p99 during it, ms', sickRate: 'rate during it' },
  events: eventsOfComparison,
  nodes: 3,
  programmes: 50,
  run: scene => {
    const node = scene.environment.cassandraNodes[2]
    if (node === undefined) throw new Error('no third node')
    return compareLatency(
      scene,
      { begin: () => node.pause(), end: () => node.resume() },
      { p99Ms: 2_000, rateShare: 0.5 },
    )
  },
}
