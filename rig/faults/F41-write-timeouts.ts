import { type FaultCase } from './fault.ts'
import { fold } from './fold.ts'
import { type Scene } from './scene.ts'
import { nodeOf, perSecond, underLoad } from './sick-node.ts'
import { readReplica } from './table-reader.ts'
import { type WorkerProcess } from './worker-process.ts'

const hangSeconds = 20

const saysTimeout = (worker: WorkerProcess): boolean =>
  worker.lines.some(({ why }) => String(why).includes('not enough replicas answered in time'))

const writtenBy = (worker: WorkerProcess): Promise<number> => worker.metric('records_written_total')

/** Rows that the first node has by itself, of events that are not committed. Each is one of two answers. */
const rowsWithOneAnswer = async (scene: Scene): Promise<number> => {
  const offsets = new Map((await scene.partitionOffsets()).map(({ partition, committed }) => [partition, committed]))
  const topic = await scene.readTopic(scene.topic)
  const committed = fold(topic.filter(({ partition, offset }) => offset < (offsets.get(partition) ?? 0)))
  const rows = await readReplica(nodeOf(scene, 0).node, scene.tableName)
  return [...rows.keys()].filter(key => !committed.has(key)).length
}

export const writeTimeouts: FaultCase = {
  name: 'F41-write-timeouts',
  title:
    'Two of three nodes are suspended under load, so that one of two replicas answers: the write is retried, and does not count before two have it',
  figures: { rowsWithOneAnswer: 'rows on one node only, meanwhile' },
  events: perSecond * 240,
  nodes: 3,
  programmes: 50,
  run: async scene => {
    const worker = await underLoad(scene)
    const hanging = [nodeOf(scene, 1).node, nodeOf(scene, 2).node]
    for (const node of hanging) node.pause()
    scene.say(`two nodes hang for ${hangSeconds} s ...`)
    await scene.mustSoon('a write times out', () => saysTimeout(worker), 30)
    // Until what was written before is committed.
    await scene.pass(2)
    const [written, committed] = [await writtenBy(worker), await scene.committed()]
    await scene.pass(hangSeconds)
    scene.expect((await writtenBy(worker)) === written, 'a write with one answer counts as written')
    scene.expect((await scene.committed()) === committed, 'a write with one answer is committed')
    scene.stopPublishing()
    await scene.untilPublished()
    // Such a row may be there or not. The case shows something only if some are.
    scene.seen['rowsWithOneAnswer'] = await rowsWithOneAnswer(scene)
    for (const node of hanging) node.resume()
    scene.healed()
    await scene.mustSoon('it commits again', async () => (await scene.committed()) > committed, 30)
    await scene.caughtUp()
    scene.expect(worker.running, 'the worker survives')
  },
}
