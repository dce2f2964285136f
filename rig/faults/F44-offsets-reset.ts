import { isDeepStrictEqual } from 'node:util'
import { installedKafka } from '../servers/kafka.ts'
import { runKafkaTool } from '../servers/kafka-tool.ts'
import { type FaultCase } from './fault.ts'
import { type Scene } from './scene.ts'
import { readTable } from './table-reader.ts'
import { readWriteTimes } from './write-times.ts'

/** How many messages of each partition are skipped. */
const skipped = 100

/** What an operator does between two runs of the worker. */
const resetOffsets = async (scene: Scene, ...how: readonly string[]): Promise<void> => {
  const group = ['--bootstrap-server', scene.environment.bootstrap, '--group', scene.group, '--topic', scene.topic]
  const reset = ['--reset-offsets', ...how, '--execute']
  // The group counts as active until its last member's leave is processed.
  await scene.mustSoon('the offsets are reset', async () => {
    const args = [...group, ...reset]
    const said = String((await runKafkaTool(installedKafka, 'kafka.admin.ConsumerGroupCommand', args)).output)
    return said.includes('NEW-OFFSET') && !said.includes('Error')
  })
  scene.resets.push(Date.now())
}

/** Runs a worker until the group has no lag. Returns how many messages it read. */
const runOnce = async (scene: Scene): Promise<number> => {
  const worker = await scene.startWorker()
  await scene.caughtUp()
  await worker.signal('SIGTERM')
  scene.expect(worker.end === 0, `it ended with ${worker.end ?? '?'} on SIGTERM`)
  const read = (await worker.notes()).filter(note => note.kind === 'read')
  return read.reduce((sum, { first, last }) => sum + last - first + 1, 0)
}

const inTable = async ({ environment: { cassandra }, tableName }: Scene) => ({
  rows: await readTable(cassandra, tableName),
  writeTimes: await readWriteTimes(cassandra, tableName, 'program_name'),
})

/** Everything is read again, which changes nothing but write timestamps. */
const readAgain = async (scene: Scene): Promise<void> => {
  const before = await inTable(scene)
  await resetOffsets(scene, '--to-earliest')
  scene.expect((await scene.committed()) === 0, 'the group begins at the earliest offsets')
  scene.seen['readAgain'] = await runOnce(scene)
  scene.expect(scene.seen['readAgain'] === scene.published, `${scene.seen['readAgain']} were read again`)
  const after = await inTable(scene)
  scene.expect(isDeepStrictEqual(after.rows, before.rows), 'the rows are the same')
  const older = [...before.writeTimes].filter(([key, time]) => (after.writeTimes.get(key) ?? 0) < time)
  scene.expect(older.length === 0, `${older.length} rows have an earlier write timestamp than before`)
}

/** Messages are skipped, which only the audit can tell. */
const skip = async (scene: Scene): Promise<void> => {
  await scene.publish()
  await resetOffsets(scene, '--shift-by', String(skipped))
  await runOnce(scene)
  const { code } = await scene.command('audit', '--rate', '20000')
  scene.seen['auditAfterSkip'] = code ?? '?'
  scene.expect(code === 1, `the audit exits with ${code} after messages were skipped`)
}

export const offsetsReset: FaultCase = {
  name: 'F44-offsets-reset',
  title:
    'kafka-consumer-groups resets the offsets between two runs, to the earliest ones, forward, and to the earliest again: nothing changes, the audit tells what was skipped, and it is there in the end',
  figures: { readAgain: 'read again', auditAfterSkip: 'exit code of the audit after the skip' },
  events: 3_000,
  run: async scene => {
    await scene.publish(scene.events / 2)
    await runOnce(scene)
    await readAgain(scene)
    await skip(scene)
    await resetOffsets(scene, '--to-earliest')
    scene.healed()
    await runOnce(scene)
  },
}
