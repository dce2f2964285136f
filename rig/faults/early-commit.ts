import { fateOf, fold } from './fold.ts'
import { type Scene } from './scene.ts'
import { readTable } from './table-reader.ts'

const versionIn = (name: unknown): number => Number(/version (\d+)/.exec(String(name))?.[1] ?? 0)

/**
 * While no worker runs: everything below the committed offsets must be in the table, in that version or in a later one.
 */
export const checkNothingCommittedEarly = async (scene: Scene): Promise<void> => {
  const all = await scene.partitionOffsets()
  const [messages, table] = await Promise.all([
    scene.readTopic(scene.topic),
    readTable(scene.environment.cassandra, scene.tableName),
  ])
  const committed = new Map(all.map(({ partition, committed }) => [partition, committed]))
  const due = fold(messages.filter(m => fateOf(m) === 'row' && m.offset < (committed.get(m.partition) ?? -1)))
  const early = [...due].filter(
    ([key, row]) => versionIn(table.get(key)?.['program_name']) < versionIn(row['program_name']),
  )
  scene.expect(early.length === 0, `${early.length} rows are not written although their offsets are committed`)
}
