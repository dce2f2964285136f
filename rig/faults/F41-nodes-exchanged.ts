import { type FaultCase } from './fault.ts'
import { untilRingIsWhole } from './ring.ts'
import { comparedFigures, compareLatency, nodeOf, perSecond } from './sick-node.ts'

// How long the new node listens whether the dead one is really dead; by default a minute.
const shortWait = '-Dcassandra.broadcast_interval_ms=2000'

export const nodeReplaced: FaultCase = {
  name: 'F41-node-replaced',
  title:
    'A dead node is replaced by one with a new address under load: the worker writes to it, and has forgotten the dead one',
  figures: comparedFigures,
  events: perSecond * 240,
  nodes: 3,
  programmes: 50,
  run: async scene => {
    const { environment } = scene
    const { node: dead } = nodeOf(scene, 2)
    const replace = async (): Promise<void> => {
      await environment.removeNode(dead)
      await environment.addNode([`-Dcassandra.replace_address_first_boot=${dead.contactPoint}`, shortWait])
      await untilRingIsWhole(environment.cassandraNodes)
    }
    await compareLatency(scene, replace, { rateShare: 0.5 })
    scene.expect(nodeOf(scene, 2).link.connections > 0, 'the worker uses the new node')
  },
}

export const nodeDecommissioned: FaultCase = {
  name: 'F41-node-decommissioned',
  title:
    'A node is bootstrapped and another decommissioned under load: the worker follows, at 50 % of the rate or more',
  figures: comparedFigures,
  events: perSecond * 300,
  nodes: 3,
  programmes: 50,
  run: async scene => {
    const { environment } = scene
    const { node: leaving } = nodeOf(scene, 1)
    const exchange = async (): Promise<void> => {
      await environment.addNode()
      await untilRingIsWhole(environment.cassandraNodes)
      await leaving.nodetool('decommission')
      await environment.removeNode(leaving)
      await untilRingIsWhole(environment.cassandraNodes)
    }
    await compareLatency(scene, exchange, { rateShare: 0.5 })
    scene.expect(nodeOf(scene, 2).link.connections > 0, 'the worker uses the new node')
  },
}
