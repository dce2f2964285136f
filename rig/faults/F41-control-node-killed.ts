import { type FaultCase } from './fault.ts'
import { opcodes, watchRequests } from './requests.ts'
import { untilRingIsWhole } from './ring.ts'
import { type Scene } from './scene.ts'
import { comparedFigures, compareLatency, expectNoWait, nodeOf, perSecond } from './sick-node.ts'

const times = 3
const downSeconds = 2

/** The nodes, counted from 0, that the worker registers with for events. The last one has its control connection. */
const watchControlConnections = ({ environment }: Scene): readonly number[] => {
  const nodes: number[] = []
  for (const [node, link] of environment.cassandraLinks.entries()) {
    watchRequests(link, opcodes.register, () => nodes.push(node))
  }
  return nodes
}

export const controlNodeKilled: FaultCase = {
  name: 'F41-control-node-killed',
  title:
    'The node of the control connection is killed under load, three times: no write waits, and another node takes its place',
  figures: comparedFigures,
  events: perSecond * 300,
  nodes: 3,
  programmes: 50,
  run: async scene => {
    const control = watchControlConnections(scene)
    const killEach = async (): Promise<void> => {
      for (let time = 1; time <= times; time += 1) {
        const at = control.at(-1)
        if (at === undefined) throw new Error('no control connection was seen')
        scene.seen[`killed${time}`] = at + 1
        const { node } = nodeOf(scene, at)
        await node.kill()
        await scene.mustSoon('another node has the control connection', () => control.at(-1) !== at, 20)
        await scene.pass(downSeconds)
        await node.start()
        await untilRingIsWhole(scene.environment.cassandraNodes)
      }
    }
    const worker = await compareLatency(scene, killEach, { rateShare: 0.6, retriesPerWrite: 0.05 })
    expectNoWait(scene, worker)
  },
}
