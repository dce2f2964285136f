import { readFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import { join } from 'node:path'
import { newestCassandra } from '../rig/servers/cassandra.ts'
import { projectFolder } from '../rig/servers/folders.ts'
import { newestKafka } from '../rig/servers/kafka.ts'

const packages = ['rxjs', 'kafkajs', 'cassandra-driver', 'winston'] as const

const versionOf = (name: string): string => {
  const file = join(projectFolder, 'node_modules', name, 'package.json')
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}

/** The machine and versions of a run. */
export const machine = (): Readonly<Record<string, string>> => ({
  processor: `${cpus()[0]?.model.trim() ?? 'unknown'}, ${cpus().length} cores`,
  memory: `${(totalmem() / 2 ** 30).toFixed(0)} GiB`,
  system: `${process.platform} ${release()}`,
  node: process.version,
  kafka: newestKafka,
  cassandra: newestCassandra,
  packages: packages.map(name => `${name} ${versionOf(name)}`).join(', '),
})
