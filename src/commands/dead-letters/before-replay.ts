import { type Confirm } from '../confirm.ts'
import { UsageError } from '../usage-error.ts'
import { type LetterFilter, selectsAll } from './letter-filter.ts'

/** What is known before a replay begins. */
export interface Plan {
  readonly filter: LetterFilter
  readonly dryRun: boolean
  readonly yes: boolean
  /** Messages of the dead-letter topic that the filter has to look at. */
  readonly messages: number
  readonly sourceTopic: string
}

/**
 * Which other groups get the replayed messages, in a sentence.
 *
 * @param readers undefined when the brokers do not tell
 */
export const readersLine = (topic: string, readers: readonly string[] | undefined): string => {
  if (readers === undefined)
    return `which other consumer groups read ${topic} is unknown: the brokers do not tell this client\n`
  if (readers.length === 0) return `no other consumer group is seen reading ${topic}\n`
  return `these consumer groups read ${topic} too and get what is replayed: ${readers.join(', ')}\n`
}

/**
 * Whether to go on: without a filter somebody has to say so.
 *
 * @throws UsageError when there is nobody to ask
 */
export const mayReplay = async (
  { filter, dryRun, yes, messages, sourceTopic }: Plan,
  confirm: Confirm | undefined,
  signal: AbortSignal,
): Promise<boolean> => {
  if (dryRun || yes || messages === 0 || !selectsAll(filter)) return true
  if (confirm === undefined) {
    throw new UsageError(
      'without a filter all letters are replayed: select some (--reason, --since, --until, --partition), or give --yes',
    )
  }
  return confirm(`Replay all letters, up to ${messages}, to ${sourceTopic}? --dry-run shows which.`, signal)
}
