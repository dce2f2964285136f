import { type FaultCase } from './fault.ts'
import { metricIn } from './metrics-reader.ts'
import { comparedFigures, compareLatency, nodeOf, perSecond } from './sick-node.ts'
import { type Scene } from './scene.ts'
import { type WorkerProcess } from './worker-process.ts'

const sickSeconds = 60

/** The log names the slow node. It may have named others while they were cold. */
const expectLogged = (scene: Scene, worker: WorkerProcess, address: string): void => {
  const named = worker.lines.some(
    ({ message, node }) =>
      message.includes('a Cassandra node answers too slowly') && String(node).startsWith(`${address}:`),
  )
  scene.expect(named, 'the log names the slow node')
}

/** The log, the metrics and the page name the slow node, and the worker stays ready. */
const expectNamed = async (scene: Scene, worker: WorkerProcess, address: string): Promise<void> => {
  expectLogged(scene, worker, address)
  const metrics = await worker.page('metrics')
  scene.expect(metricIn(metrics, 'cassandra_slow_node', address) === 1, 'a metric names the slow node')
  scene.expect(metricIn(metrics, 'ready') === 1, 'it stays ready')
  scene.expect((await worker.page('state')).includes(`Cassandra node ${address}`), 'the page names the slow node')
}

export const nodeHangs: FaultCase = {
  name: 'F41-node-hangs',
  title:
    'One of three nodes suspended with SIGSTOP for 60 s, its port open: the others take its writes, at 50 % of the rate or more, within 2 s',
  figures: comparedFigures,
  events: perSecond * 180,
  nodes: 3,
  programmes: 50,
  run: async scene => {
    const { node, link } = nodeOf(scene, 2)
    const hang = async (worker: WorkerProcess): Promise<void> => {
      node.pause()
      await scene.until(() => !worker.running, sickSeconds)
      await expectNamed(scene, worker, link.address)
      node.resume()
    }
    await compareLatency(scene, hang, { p99Ms: 2_000, rateShare: 0.5 })
  },
}

export const nodeHangsShortly: FaultCase = {
  name: 'F41-node-hangs-shortly',
  title:
    'One of three nodes is suspended with SIGSTOP under load: the others take its writes, and later it has all rows',
  events: 1_800,
  nodes: 3,
  programmes: 50,
  run: async scene => {
    const worker = await scene.startWorker()
    // Otherwise a slow start leaves nothing to publish while the node hangs.
    await scene.untilAssigned(worker)
    scene.startPublishing(200)
    await scene.untilCommitted(scene.events / 6)
    const { node, link } = nodeOf(scene, 2)
    node.pause()
    scene.healed()
    await scene.caughtUp(60)
    scene.expect(worker.running, 'the worker survives')
    expectLogged(scene, worker, link.address)
    node.resume()
  },
}

export const nodeSlow: FaultCase = {
  name: 'F41-node-slow',
  title:
    'One of three nodes answers 400 ms later for 60 s: writes go on at 50 % of the rate or more, within 2 s, and none is retried',
  figures: comparedFigures,
  events: perSecond * 180,
  nodes: 3,
  programmes: 50,
  run: async scene => {
    const { link } = nodeOf(scene, 2)
    const slow = async (worker: WorkerProcess): Promise<void> => {
      link.weather = { latencyMs: 200 }
      await scene.until(() => !worker.running, sickSeconds)
      link.weather = {}
    }
    await compareLatency(scene, slow, { p99Ms: 2_000, rateShare: 0.5, retriesPerWrite: 0 })
  },
}
