import { type KafkaSettings } from '../config/settings.ts'
import { type Backoff } from '../operators/retry.ts'
import { type Source } from '../operators/source.ts'

export type ConsumerSettings = Pick<
  KafkaSettings,
  'sessionTimeoutMs' | 'maxRestarts' | 'offsetReset' | 'fetchMaxBytesPerPartition'
> & { readonly backoff: Backoff }

export interface TopicConsumer extends Source {
  /** Stops reading: `records` completes. Commits still work. */
  stop(): void
  /** Leaves the group and disconnects. */
  close(): Promise<void>
}
