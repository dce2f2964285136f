import { type FaultCase } from './fault.ts'
import { fateHeader, type FaultMessage } from './load.ts'
import { type Scene } from './scene.ts'

const time = '2026-01-01T00:00:00.000Z'

const refusedIndex = 49

const createIndex = (scene: Scene): Promise<unknown> => scene.cql(`CREATE INDEX ON ${scene.tableName} (program_name)`)

/** Rows of 20 to 60 KB in one table partition. Every fiftieth has a text that is too long for the index on its column. */
const long = (index: number): FaultMessage => {
  const tooLong = index % 50 === refusedIndex
  const programName = `version ${index}`.padEnd(tooLong ? 70_000 : 0, '.')
  const userLocations = Array.from({ length: 20 + (index % 40) }, (_, place) => ({
    type: `place${place}`,
    id: `${place}`,
    name: 'n'.repeat(1_000),
    code: 'c',
  }))
  const event = { programId: 'long', userId: `u${index}`, programName, createdAt: time, updatedAt: time }
  const headers = { [fateHeader]: tooLong ? 'dead-letter' : 'row' }
  const value = Buffer.from(JSON.stringify({ ...event, userProfile: { userLocations } }))
  return { partition: index % 2, key: null, value, headers }
}

export const largeBatch: FaultCase = {
  name: 'F27-large-batch',
  title: 'Batches far above the size that Cassandra accepts, and rows that it refuses: the other rows are written',
  events: 500,
  run: async scene => {
    await createIndex(scene)
    await scene.publishThese(Array.from({ length: scene.events }, (_, index) => long(index)))
    await scene.startWorker({ BATCH_MAX_BYTES: '8388608' })
    scene.healed()
    await scene.caughtUp()
  },
}

export const refusedRowAlone: FaultCase = {
  name: 'F27-refused-row-alone',
  title: 'A row that the table refuses comes alone: it waits and is reported, until another row is accepted',
  events: 40,
  eachBad: 0,
  run: async scene => {
    await createIndex(scene)
    const worker = await scene.startWorker()
    await scene.publish(scene.events / 2)
    await scene.caughtUp()
    await scene.publishThese([long(refusedIndex)])
    await scene.mustSoon('it says that it waits for another row', () =>
      worker.lines.some(({ why }) => String(why).includes('has not accepted any other since')),
    )
    const letters = await scene.readTopic(scene.deadLetterTopic)
    scene.expect(letters.length === 0, `${letters.length} dead letters without evidence`)
    await scene.publish()
    scene.healed()
    await scene.caughtUp(60)
  },
}
