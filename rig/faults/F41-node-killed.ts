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
