import { type KafkaSettings } from '../config/settings.ts'
import { type Backoff } from '../operators/retry.ts'
import { type Source } from '../operators/source.ts'

export type ConsumerSettings = Pick<
  KafkaSettings,
  'sessionTimeoutMs' | 'maxRestarts' | 'offsetReset' | 'fetchMaxBytesPerPartition'
> & { readonly backoff: Backoff }

export interface TopicConsumer extends Source {
  /** Nothing more is read: `records` completes. Commits still go through. */
  stop(): void
  /** Leaves the group and disconnects. */
  close(): Promise<void>
}
