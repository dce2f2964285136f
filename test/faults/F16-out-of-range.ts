import { type FaultCase } from './fault.ts'
import { type Scene } from './scene.ts'
import { type WorkerProcess } from './worker-process.ts'

const dropEverything = async (scene: Scene): Promise<void> => {
  const partitions = (await scene.standings()).map(({ partition, high }) => ({ partition, offset: String(high) }))
  await scene.admin.deleteTopicRecords({ topic: scene.topic, partitions })
}

const saysWhatIsSkipped = (scene: Scene, worker: WorkerProcess, skipped: number): void => {
  const lines = worker.lines.filter(({ message }) => message.startsWith('the committed offset is not in the topic'))
  const said = lines.reduce((sum, line) => sum + Number(line['skipped']), 0)
  scene.expect(said === skipped, `it says that ${said} messages are skipped, ${skipped} are`)
  scene.expect(
    lines.every(({ level }) => level === 'error'),
    'it says so as an error',
  )
}

export const outOfRange: FaultCase = {
  name: 'F16-out-of-range',
  title: 'Retention passes the committed offset while no worker runs: it reads from the start of what is left, loudly',
  events: 3_000,
  run: async scene => {
    const third = scene.events / 3
    await scene.publish(third)
    const first = await scene.startWorker()
    await scene.caughtUp()
    await first.signal('SIGTERM')
    await scene.remember(() => true)
    await scene.publish(third)
    await dropEverything(scene)
    await scene.publish()
    scene.healed()
    const second = await scene.startWorker()
    await scene.caughtUp()
    saysWhatIsSkipped(scene, second, third)
  },
}

export const outOfRangeWhileReading: FaultCase = {
  name: 'F16-out-of-range-while-reading',
  title:
    'Retention passes the reading position while Cassandra is away: the worker goes on at the start of what is left',
  events: 12_000,
  run: async scene => {
    const { cassandraLink } = scene.environment
    await scene.publish(scene.events / 3)
    const worker = await scene.startWorker()
    await scene.caughtUp()
    cassandraLink.refuse()
    await scene.publish(scene.events / 3)
    await scene.mustSoon('it waits', () => worker.said('waiting for a fault') !== undefined)
    await scene.pass(2)
    const read = new Map<number, number>()
    for (const note of await worker.notes()) if (note.kind === 'read') read.set(note.partition, note.last)
    await scene.remember(({ partition, offset }) => offset <= (read.get(partition) ?? -1))
    const skipped = (await scene.standings()).reduce(
      (sum, { partition, high }) => sum + high - 1 - (read.get(partition) ?? -1),
      0,
    )
    scene.seen['skipped'] = skipped
    await dropEverything(scene)
    await scene.publish()
    cassandraLink.mend()
    scene.healed()
    await scene.caughtUp()
    saysWhatIsSkipped(scene, worker, skipped)
  },
}
