import { type Scene } from './scene.ts'

/** One row of the matrix: a fault to inject. */
export interface FaultCase {
  /** Its number in the matrix and a short name, such as F01-sigkill. */
  readonly name: string
  /** What happens, and what the worker must do, in one sentence. */
  readonly title: string
  /** The default number of events. */
  readonly events: number
  /** By default 1. */
  readonly brokers?: 1 | 3
  /** Nodes of Cassandra, each with all rows; by default 1. */
  readonly nodes?: 1 | 3
  /** The version of Kafka at the start, for a case with its own brokers; by default that of the run. */
  readonly kafka?: string
  /** By default 2. */
  readonly partitions?: number
  /** By default 200; few make large table partitions. */
  readonly programmes?: number
  /** The share of each kind of bad message; by default 0.01. */
  readonly eachBad?: number
  /** What to show of `seen` in docs/faults.md, with a name that has the unit. */
  readonly figures?: Readonly<Record<string, string>>
  /** It measures times or rates, so nothing runs beside it. The same holds for every case with three nodes. */
  readonly quiet?: true
  /** Injects the fault, with load before, during or after it, and waits for the recovery. */
  readonly run: (scene: Scene) => Promise<void>
}

/** The result of one case with one seed: one line of JSON. */
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
