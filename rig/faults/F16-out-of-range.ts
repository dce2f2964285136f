import { type FaultCase } from './fault.ts'
import { type Note } from './readings.ts'
import { type Scene } from './scene.ts'
import { type TopicMessage } from './topic-reader.ts'
import { type WorkerProcess } from './worker-process.ts'

const outOfRangeLine = 'the committed offset is no longer in the topic'

const dropEverything = async (scene: Scene): Promise<void> => {
  const partitions = (await scene.partitionOffsets()).map(({ partition, high }) => ({
    partition,
    offset: String(high),
  }))
  await scene.admin.deleteTopicRecords({ topic: scene.topic, partitions })
}

const saysWhatIsSkipped = (scene: Scene, worker: WorkerProcess, skipped: number): void => {
  const lines = worker.lines.filter(({ message }) => message.startsWith(outOfRangeLine))
  const said = lines.reduce((sum, line) => sum + Number(line['skipped']), 0)
  scene.expect(said === skipped, `it reports ${said} skipped messages, but ${skipped} are`)
  scene.expect(
    lines.every(({ level }) => level === 'error'),
    'it reports it as an error',
  )
}

const passedWhileAway = async (scene: Scene, settings: Readonly<Record<string, string>>): Promise<void> => {
  const third = scene.events / 3
  await scene.publish(third)
  const first = await scene.startWorker()
  await scene.caughtUp()
  await first.signal('SIGTERM')
  await scene.remember(() => true)
  await scene.publish(third)
  await dropEverything(scene)
  await scene.publish()
  // The worker knows its position several responses after the client's first fetch.
  for (const link of scene.environment.kafkaLinks) link.weather = { latencyMs: 100 }
  scene.healed()
  const second = await scene.startWorker(settings)
  await scene.caughtUp()
  saysWhatIsSkipped(scene, second, third)
}

export const outOfRange: FaultCase = {
  name: 'F16-out-of-range',
  title:
    'Retention removes the committed offset while no worker runs: the worker reports it and reads from the earliest offset',
  events: 3_000,
  run: scene => passedWhileAway(scene, {}),
}

export const outOfRangeWithLatest: FaultCase = {
  name: 'F16-out-of-range-with-latest',
  title: 'The same with KAFKA_AUTO_OFFSET_RESET=latest: nothing that is left is skipped',
  events: 3_000,
  run: scene => passedWhileAway(scene, { KAFKA_AUTO_OFFSET_RESET: 'latest' }),
}

/** Lets retention pass a worker that waits for Cassandra. */
const passWhileReading = async (scene: Scene, worker: WorkerProcess): Promise<void> => {
  const { cassandraLink } = scene.environment
  await scene.publish(scene.events / 3)
  await scene.mustSoon('everything is read', async () => isAllRead(scene, await worker.notes()))
  cassandraLink.refuse()
  await scene.publish(scene.events / 3)
  await scene.mustSoon('it waits', () => worker.said('waiting for a fault') !== undefined)
  await scene.remember(() => true)
  await dropEverything(scene)
  await scene.publish()
  cassandraLink.mend()
  await scene.mustSoon('its position is after the reset', () => worker.said(outOfRangeLine) !== undefined)
}

/** Forgets what the worker did not read before the topic lost it. Returns how many messages that are. */
const forgetUnread = async (scene: Scene, worker: WorkerProcess): Promise<number> => {
  const notes = (await worker.notes()).filter(note => note.kind === 'read')
  const wasRead = ({ partition, offset }: TopicMessage): boolean =>
    notes.some(note => note.partition === partition && note.first <= offset && offset <= note.last)
  const read = scene.remembered.filter(wasRead)
  const unread = scene.remembered.length - read.length
  scene.remembered.splice(0, Infinity, ...read)
  return unread
}

const lastRead = (notes: readonly Note[]): Map<number, number> => {
  const read = new Map<number, number>()
  for (const note of notes) if (note.kind === 'read') read.set(note.partition, note.last)
  return read
}

const isAllRead = async (scene: Scene, notes: readonly Note[]): Promise<boolean> => {
  const read = lastRead(notes)
  return (await scene.partitionOffsets()).every(({ partition, high }) => high - 1 === (read.get(partition) ?? -1))
}

export const outOfRangeWhileReading: FaultCase = {
  name: 'F16-out-of-range-while-reading',
  title: 'Retention removes the next offset while Cassandra is down: the worker continues at the earliest offset',
  events: 12_000,
  run: async scene => {
    const worker = await scene.startWorker()
    await passWhileReading(scene, worker)
    scene.healed()
    await scene.caughtUp()
    const skipped = await forgetUnread(scene, worker)
    scene.seen['skipped'] = skipped
    saysWhatIsSkipped(scene, worker, skipped)
  },
}

export const killedAfterReset: FaultCase = {
  name: 'F16-killed-after-reset',
  title: 'The same, and SIGKILL before the next commit: the worker does not skip to the end',
  events: 12_000,
  run: async scene => {
    const settings = { COMMIT_INTERVAL_MS: '60000', KAFKA_AUTO_OFFSET_RESET: 'latest' }
    const worker = await scene.startWorker(settings)
    await scene.untilAssigned(worker)
    await passWhileReading(scene, worker)
    // The lost messages that it still has cannot be read again.
    await scene.untilIdle(worker)
    await worker.signal('SIGKILL')
    await forgetUnread(scene, worker)
    scene.healed()
    await scene.startWorker({ KAFKA_AUTO_OFFSET_RESET: 'latest' })
    await scene.caughtUp()
  },
}
