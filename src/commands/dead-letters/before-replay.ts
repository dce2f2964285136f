import { type Confirm } from '../confirm.ts'
import { UsageError } from '../usage-error.ts'
import { type LetterFilter, selectsAll } from './letter-filter.ts'

/** A replay before it starts. */
export interface Plan {
  readonly filter: LetterFilter
  readonly dryRun: boolean
  readonly yes: boolean
  /** The number of messages in the dead-letter topic that the filter applies to. */
  readonly messages: number
  readonly sourceTopic: string
}

/**
 * Names the other groups that will receive the replayed messages.
 *
 * @param readers undefined if the brokers do not list them
 */
export const readersLine = (topic: string, readers: readonly string[] | undefined): string => {
  if (readers === undefined) return `cannot list the other consumer groups that read ${topic}\n`
  if (readers.length === 0) return `found no other consumer group that reads ${topic}\n`
  return `these consumer groups also read ${topic} and will receive the replayed messages: ${readers.join(', ')}\n`
}

/**
 * Whether to replay. Without a filter somebody has to confirm it.
 *
 * @throws UsageError if there is nobody to ask
 */
export const mayReplay = async (
  { filter, dryRun, yes, messages, sourceTopic }: Plan,
  confirm: Confirm | undefined,
  signal: AbortSignal,
): Promise<boolean> => {
  if (dryRun || yes || messages === 0 || !selectsAll(filter)) return true
  if (confirm === undefined) {
    throw new UsageError(
      'without a filter all dead letters are replayed: use a filter (--reason, --since, --until, --partition), or --yes',
    )
  }
  return confirm(`Replay all dead letters, up to ${messages}, to ${sourceTopic}? (--dry-run lists them.)`, signal)
}
