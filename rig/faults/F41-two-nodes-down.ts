import { type FaultCase } from './fault.ts'
import { metricIn } from './metrics-reader.ts'
import { type Scene, secondsSince } from './scene.ts'
import { nodeOf, perSecond, underLoad } from './sick-node.ts'
import { type WorkerProcess } from './worker-process.ts'

// A node counts as dead for the others only after about 10 s. Until then, writes time out.
const noticeSeconds = 60
const downSeconds = 10
const healSeconds = 15

const saysUnavailable = (worker: WorkerProcess): boolean =>
  worker.lines.some(({ why }) => String(why).includes('not enough replicas are alive'))

const readBy = (worker: WorkerProcess): Promise<number> => worker.metric('records_read_total')

/** Nothing is read and nothing is committed. */
const expectStandstill = async (scene: Scene, worker: WorkerProcess): Promise<void> => {
  const [read, committed] = [await readBy(worker), await scene.committed()]
  await scene.pass(downSeconds)
  scene.expect((await readBy(worker)) === read, 'it reads nothing while writes wait')
  scene.expect((await scene.committed()) === committed, 'it commits nothing without a quorum')
  const metrics = await worker.page('metrics')
  scene.expect(metricIn(metrics, 'paused_partitions', 'reason="fault"') > 0, 'a metric says that reading is paused')
  scene.expect(metricIn(metrics, 'ready') === 0, 'it is not ready')
}

export const twoNodesDown: FaultCase = {
  name: 'F41-two-nodes-down',
  title:
    'Two of three nodes are killed under load, then one comes back: writes wait, reading pauses, and it recovers within 15 s',
  figures: { secondsToFirstCommit: 'seconds to the first commit' },
  events: perSecond * 240,
  nodes: 3,
  programmes: 50,
  run: async scene => {
    const [first, second] = [nodeOf(scene, 1).node, nodeOf(scene, 2).node]
    const worker = await underLoad(scene)
    await Promise.all([first.kill(), second.kill()])
    scene.say('two nodes are down ...')
    await scene.mustSoon('it says that too few replicas are alive', () => saysUnavailable(worker), noticeSeconds)
    await expectStandstill(scene, worker)
    scene.expect(worker.running, 'it waits')
    await first.start()
    const [backAt, before] = [Date.now(), await scene.committed()]
    scene.healed()
    await scene.mustSoon('it commits again', async () => (await scene.committed()) > before, healSeconds)
    scene.seen['secondsToFirstCommit'] = secondsSince(backAt)
    scene.stopPublishing()
    await scene.caughtUp()
  },
}
