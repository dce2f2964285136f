import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { arch, cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { projectFolder } from '../servers/folders.ts'
import { type FaultResult } from './fault.ts'

/** A stored result. */
export interface SavedResult extends FaultResult {
  /** The day of the run. */
  readonly date: string
  readonly machine: string
  /** Kafka and Cassandra, with their versions. */
  readonly servers: string
}

const file = join(projectFolder, 'docs', 'faults.jsonl')

/** The machine of a run. */
export const thisMachine = (): string =>
  `${cpus().length} cores (${arch()}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB), Node ${process.versions.node}`

/** The servers of a run. */
export const serverVersions = (kafka: string, cassandra: string): string => `Kafka ${kafka}, Cassandra ${cassandra}`

export const parseResults = (text: string): SavedResult[] =>
  text
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as SavedResult)

const isAnother = (a: SavedResult, b: SavedResult): boolean =>
  a.machine === b.machine && (a.fault !== b.fault || a.seed !== b.seed || a.servers !== b.servers)

/** The stored results of this machine. The new one replaces the last one of its fault, seed and servers. */
export const withResult = (saved: readonly SavedResult[], result: SavedResult): SavedResult[] =>
  [...saved.filter(earlier => isAnother(earlier, result)), result].sort(
    (a, b) => b.servers.localeCompare(a.servers) || a.fault.localeCompare(b.fault) || a.seed - b.seed,
  )

export const savedResults = (): SavedResult[] => (existsSync(file) ? parseResults(readFileSync(file, 'utf8')) : [])

export const saveResult = (result: SavedResult): void => {
  const lines = withResult(savedResults(), result).map(line => JSON.stringify(line))
  writeFileSync(file, `${lines.join('\n')}\n`)
}
