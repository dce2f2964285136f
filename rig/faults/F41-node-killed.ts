import { type FaultCase } from './fault.ts'
import { untilRingIsWhole } from './ring.ts'
import { comparedFigures, compareLatency, expectNoWait, nodeOf, perSecond } from './sick-node.ts'

const downSeconds = 20

export const nodeKilled: FaultCase = {
  name: 'F41-node-killed',
  title:
    'One of three nodes is killed under load and comes back: no write waits, the rate stays at 60 % or more, without a storm of retries',
  figures: comparedFigures,
  events: perSecond * 180,
  nodes: 3,
  programmes: 50,
  run: async scene => {
    const { node } = nodeOf(scene, 1)
    const kill = async (): Promise<void> => {
      await node.kill()
      await scene.pass(downSeconds)
      await node.start()
      await untilRingIsWhole(scene.environment.cassandraNodes)
    }
    const worker = await compareLatency(scene, kill, { rateShare: 0.6, retriesPerWrite: 0.05 })
    expectNoWait(scene, worker)
  },
}

export const nodeKilledShortly: FaultCase = {
  name: 'F41-node-killed-shortly',
  title: 'One of three nodes is killed under load: the others take its writes, and when it is back it has all rows',
  events: 3_000,
  nodes: 3,
  programmes: 50,
  run: async scene => {
    const worker = await scene.startWorker()
    // Otherwise a slow start leaves nothing to publish after the kill.
    await scene.mustSoon('it is assigned', () => worker.said('partitions are assigned') !== undefined)
    scene.startPublishing(300)
    await scene.untilCommitted(scene.events / 6)
    await nodeOf(scene, 1).node.kill()
    scene.healed()
    // The node is still down.
    await scene.caughtUp(60)
    scene.expect(worker.running, 'the worker survives')
  },
}
