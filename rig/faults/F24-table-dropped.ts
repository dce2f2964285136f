import { type FaultCase } from './fault.ts'
import { type Scene } from './scene.ts'
import { type WorkerProcess } from './worker-process.ts'

const asksToMend = async (scene: Scene, worker: WorkerProcess, part: string): Promise<void> => {
  await scene.mustSoon(`it reports that ${part}`, () =>
    worker.lines.some(({ message, why }) => message.includes('needs attention') && String(why).includes(part)),
  )
  const letters = await scene.readTopic(scene.deadLetterTopic)
  scene.expect(letters.length === 0, `${letters.length} good events became dead letters`)
  scene.expect(worker.running, 'it waits')
}

/** Publishes the rest while `what` is dropped. A new group then reads everything again, because the rows are gone. */
const dropAndMakeAnew = async (scene: Scene, worker: WorkerProcess, what: string, name: string): Promise<void> => {
  await scene.cql(`DROP ${what} ${name}`)
  await scene.publish()
  await asksToMend(scene, worker, `there is no ${what.toLowerCase()} ${name}`)
  await scene.createTable()
  await scene.mustSoon('it continues', async () => (await scene.committed()) >= scene.events)
  await worker.signal('SIGTERM')
  scene.anewAt = Date.now()
  scene.healed()
  await scene.startWorker({ KAFKA_GROUP_ID: `${scene.group}.again` })
  await scene.mustSoon('everything is written again', async () => {
    const again = await scene.admin.fetchOffsets({ groupId: `${scene.group}.again`, topics: [scene.topic] })
    return again.flatMap(({ partitions }) => partitions).reduce((sum, p) => sum + Number(p.offset), 0) >= scene.events
  })
}

export const tableDropped: FaultCase = {
  name: 'F24-table-dropped',
  title:
    'A column is dropped, then the table: the worker stops reading, says how to fix it, and publishes no dead letters of good events',
  events: 4_000,
  eachBad: 0,
  run: async scene => {
    const worker = await scene.startWorker()
    await scene.untilAssigned(worker)
    await scene.cql(`ALTER TABLE ${scene.tableName} DROP user_sub_type`)
    await scene.publish(scene.events / 2)
    await asksToMend(scene, worker, 'column user_sub_type is missing')
    await scene.cql(`ALTER TABLE ${scene.tableName} ADD user_sub_type text`)
    await scene.mustSoon('it continues', async () => (await scene.committed()) >= scene.events / 2)
    await dropAndMakeAnew(scene, worker, 'TABLE', scene.tableName)
  },
}

export const keyspaceDropped: FaultCase = {
  name: 'F24-keyspace-dropped',
  title: 'The keyspace is dropped under load: the worker stops reading, reports it, and continues once it exists again',
  events: 2_000,
  eachBad: 0,
  run: async scene => {
    const worker = await scene.startWorker()
    await scene.publish(scene.events / 2)
    await scene.untilCommitted(scene.events / 2)
    await dropAndMakeAnew(scene, worker, 'KEYSPACE', scene.keyspaceName)
  },
}
