import { type Scene } from './scene.ts'

/** One row of the matrix: a fault, made on purpose. */
export interface FaultCase {
  /** As F01-sigkill: its number in the matrix, and what it is about. */
  readonly name: string
  /** What is done and what has to be seen, in a sentence. */
  readonly title: string
  /** How many events, unless the command line says otherwise. */
  readonly events: number
  /** 1 when not given. */
  readonly brokers?: 1 | 3
  /** Nodes of Cassandra, each row on every one; 1 when not given. */
  readonly nodes?: 1 | 3
  /** 2 when not given. */
  readonly partitions?: number
  /** 200 when not given; few make large table partitions. */
  readonly programmes?: number
  /** The share of each kind of bad message; 0.01 when not given. */
  readonly eachBad?: number
  /** Makes the fault, with load before, during or after it, and waits until it has healed. */
  readonly run: (scene: Scene) => Promise<void>
}

/** What came of one case with one seed: one line of JSON. */
export interface FaultResult {
  readonly fault: string
  readonly seed: number
  readonly events: number
  readonly lost: number
  readonly wrong: number
  readonly repeatedBeyondWindow: number
  readonly zombie: number
  readonly secondsToHeal: number | null
  readonly redelivered: number
  readonly rssMaxMb: number
  readonly stoppedMaxMs: number
  readonly seen: Readonly<Record<string, number | string>>
  readonly failures: readonly string[]
  readonly seconds: number
  readonly passed: boolean
}
