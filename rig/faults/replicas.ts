import { type CassandraAddress } from '../servers/cql-client.ts'
import { belowQuorum, judgeRows, type Seen, type Verdict } from './oracle.ts'
import { type Scene } from './scene.ts'
import { readReplica, readTable } from './table-reader.ts'

// Nodes look for hints to deliver every 10 s.
const hintSeconds = 35
const betweenReadsSeconds = 3

const verdictsOf = async (
  nodes: readonly CassandraAddress[],
  scene: Scene,
  topic: Seen['topic'],
): Promise<{ readonly tables: readonly Seen['table'][]; readonly verdicts: readonly Verdict[] }> => {
  const tables: Seen['table'][] = []
  for (const node of nodes) tables.push(await readReplica(node, scene.tableName))
  return { tables, verdicts: tables.map(table => judgeRows({ topic, table })) }
}

const lacking = (verdicts: readonly Verdict[]): number => Math.max(...verdicts.map(({ lost, wrong }) => lost + wrong))

/**
 * Reads every replica by itself. At once, a quorum of them must have each row. Then hints may bring what a node has
 * missed, and after that a read at ALL, which repairs. In the end each replica must have all rows; the verdict adds them up.
 */
export const judgeReplicas = async (scene: Scene, topic: Seen['topic']): Promise<Verdict> => {
  const nodes = scene.environment.cassandraNodes
  const first = await verdictsOf(nodes, scene, topic)
  const below = belowQuorum(topic, first.tables)
  let { verdicts } = first
  scene.expect(below.length === 0, `${below.length} rows are on less than a quorum of the replicas: ${below[0] ?? ''}`)
  Object.assign(scene.seen, { rowsMissedByANode: lacking(verdicts), replicasEqual: 'at once' })
  if (lacking(verdicts) > 0) {
    scene.seen['replicasEqual'] = 'after hints'
    await scene.until(async () => {
      await scene.pass(betweenReadsSeconds)
      verdicts = (await verdictsOf(nodes, scene, topic)).verdicts
      return lacking(verdicts) === 0
    }, hintSeconds)
  }
  if (lacking(verdicts) > 0) {
    scene.seen['replicasEqual'] = 'after a read at ALL'
    await readTable(scene.environment.cassandra, scene.tableName)
    verdicts = (await verdictsOf(nodes, scene, topic)).verdicts
  }
  return {
    lost: verdicts.reduce((sum, { lost }) => sum + lost, 0),
    wrong: verdicts.reduce((sum, { wrong }) => sum + wrong, 0),
    examples: verdicts.flatMap(({ examples }, node) =>
      examples.slice(0, 2).map(line => `replica ${node + 1}: ${line}`),
    ),
  }
}
