import { type SchedulerLike } from 'rxjs'
import { type KafkaSettings } from '../config/settings.ts'
import { type KafkaRecord } from '../model/record.ts'
import { type Backoff } from '../operators/retry.ts'
import { type FetchLimits } from './assignment.ts'
import { type Member } from './member.ts'

export type ReaderSettings = Pick<KafkaSettings, 'sessionTimeoutMs' | 'offsetReset'> & {
  readonly limits: FetchLimits
  readonly backoff: Backoff
}

/** What a reader needs besides its events. */
export interface ReaderPort {
  next(record: KafkaRecord): void
  /** A bug of ours. */
  failed(error: unknown): void
  /** A fetch of this partition was answered. */
  answered(partition: number): void
  /** The member that may fetch now. */
  member(): Member | undefined
}

export interface Timing {
  readonly clock: SchedulerLike
  /** Milliseconds that never go back: see elapsed.ts. */
  readonly elapsed: () => number
  /** From 0 to below 1. */
  readonly random: () => number
}
