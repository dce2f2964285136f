import { type FaultCase } from './fault.ts'
import { untilRingIsWhole } from './ring.ts'
import { comparedFigures, compareLatency, expectNoWait, perSecond } from './sick-node.ts'

const rounds = 2

export const nodesRestarted: FaultCase = {
  name: 'F41-rolling-restart',
  title: 'Two rolling restarts of all three nodes under load: no write waits, and the rate stays at 50 % or more',
  figures: comparedFigures,
  events: perSecond * 400,
  nodes: 3,
  programmes: 50,
  run: async scene => {
    const nodes = scene.environment.cassandraNodes
    const restart = async (): Promise<void> => {
      for (let round = 0; round < rounds; round += 1) {
        for (const node of nodes) {
          await node.restart()
          await untilRingIsWhole(nodes)
        }
      }
    }
    const worker = await compareLatency(scene, restart, { rateShare: 0.5, retriesPerWrite: 0.05 })
    expectNoWait(scene, worker)
  },
}
