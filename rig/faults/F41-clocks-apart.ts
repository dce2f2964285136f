import { clockAhead } from '../servers/fake-clock.ts'
import { type FaultCase } from './fault.ts'
import { untilRingIsWhole } from './ring.ts'
import { comparedFigures, compareLatency, nodeOf, perSecond } from './sick-node.ts'

const aheadSeconds = 5
const sickSeconds = 30

export const clocksApart: FaultCase = {
  name: 'F41-clocks-apart',
  title: 'The clock of one of three nodes is 5 s ahead of the others: the version read last wins',
  figures: comparedFigures,
  events: perSecond * 300,
  nodes: 3,
  programmes: 10,
  run: async scene => {
    const { node } = nodeOf(scene, 2)
    const nodes = scene.environment.cassandraNodes
    const apart = async (): Promise<void> => {
      try {
        await node.terminate()
        await node.start(clockAhead(aheadSeconds))
        await scene.pass(sickSeconds)
      } finally {
        await node.restart()
      }
      await untilRingIsWhole(nodes)
    }
    await compareLatency(scene, apart, { rateShare: 0.5 })
  },
}
