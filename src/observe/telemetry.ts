import { type AuditResult } from './audit-result.ts'
import { type InForce } from '../config/read.ts'
import { type InFlight } from '../ledger/in-flight.ts'
import { type Events } from './events.ts'
import { type History } from './page/history.ts'
import { type OpenLog } from './log/log.ts'
import { type Servers } from './health/servers.ts'
import { type StallWatch } from './health/stall.ts'

/** The Cassandra driver's own metrics. */
export interface DriverFigures {
  readonly responses: number
  readonly speculativeExecutions: number
  readonly errors: Readonly<Record<string, number>>
  readonly retries: Readonly<Record<string, number>>
  /** Its current connections; undefined before it has connected. */
  state(): { readonly hosts: number; readonly connections: number; readonly inFlight: number } | undefined
}

/** A worker as seen by metrics, probes and the page. */
export interface Telemetry {
  readonly stream: string
  readonly version: string
  /** The host or pod. */
  readonly instance: string
  readonly startedAt: number
  readonly topic: string
  readonly deadLetterTopic: string
  readonly group: string
  /** With its keyspace. */
  readonly table: string
  readonly bound: InFlight
  readonly inForce: readonly InForce[]
  readonly events: Events
  readonly servers: Servers
  readonly history: History
  readonly stall: StallWatch
  readonly driver: DriverFigures
  /** The result of the last audit; undefined if there is none, or it cannot be read. */
  readonly audited: () => AuditResult | undefined
  readonly log: Pick<OpenLog, 'linesDropped'>
  /** Milliseconds since 1970. */
  readonly now: () => number
}
