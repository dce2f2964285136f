import { readdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Cassandra } from '../servers/cassandra.ts'
import { type FaultCase } from './fault.ts'
import { opcodes, watchRequests } from './requests.ts'
import { untilRingIsWhole } from './ring.ts'
import { comparedFigures, compareLatency, nodeOf, perSecond } from './sick-node.ts'

const changesOf = (table: string): string[] => [
  `ALTER TABLE ${table} ADD added_by_others text`,
  `ALTER TABLE ${table} WITH gc_grace_seconds = 432000 AND comment = 'changed'`,
  `ALTER TABLE ${table} WITH compaction = {'class': 'LeveledCompactionStrategy'}`,
  `ALTER TABLE ${table} DROP added_by_others`,
]

/** Restarts a node without its prepared statements, which it keeps in a table of its own. */
const restartForgetting = async (node: Cassandra): Promise<void> => {
  const folder = join(dirname(node.logFile), 'data', 'system')
  await node.terminate()
  const tables = (await readdir(folder)).filter(name => name.startsWith('prepared_statements-'))
  await Promise.all(tables.map(name => rm(join(folder, name), { recursive: true })))
  await node.start()
}

export const schemaChanges: FaultCase = {
  name: 'F41-schema-changes',
  title:
    'Others add and drop a column, alter the options of the table, and a node forgets prepared statements, under load: writes go on',
  figures: comparedFigures,
  events: perSecond * 240,
  nodes: 3,
  programmes: 50,
  run: async scene => {
    const { node, link } = nodeOf(scene, 1)
    let prepared = 0
    watchRequests(link, opcodes.prepare, () => (prepared += 1))
    const change = async (): Promise<void> => {
      for (const statement of changesOf(scene.tableName)) {
        const before = prepared
        await scene.cql(statement)
        await scene.pass(3)
        scene.say(`${statement}: prepared ${prepared - before} times on node 2`)
      }
      scene.seen['preparedAfterChanges'] = prepared
      const before = prepared
      await restartForgetting(node)
      await untilRingIsWhole(scene.environment.cassandraNodes)
      await scene.mustSoon('the statement is prepared again on the node that forgot it', () => prepared > before)
    }
    await compareLatency(scene, change, { rateShare: 0.5 })
  },
}
