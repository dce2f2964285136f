import { type UndecodableBatch } from '../../kafka/fetch/fetched.ts'
import { type Confirm } from '../confirm.ts'
import { exitCodes } from '../exit-codes.ts'
import { findUndecodable, type SkippablePartition } from './find.ts'

export interface Skip {
  readonly partition: number
  readonly offset: number
  /** Skip without asking. */
  readonly yes: boolean
}

export interface Dependencies {
  readonly source: SkippablePartition
  readonly topic: string
  readonly deadLetterTopic: string
  /** Publishes the bytes of the batch and commits the offset after it. */
  readonly stepOver: (batch: UndecodableBatch) => Promise<void>
  /** Prints results. */
  readonly write: (text: string) => void
  /** Prints problems. */
  readonly tell: (text: string) => void
  /** Undefined if nobody can answer. */
  readonly confirm: Confirm | undefined
  readonly signal: AbortSignal
}

/**
 * Skips one undecodable record batch, after a confirmation. Returns the exit code.
 *
 * @throws Fault if Kafka fails; then nothing was done
 */
export const skip = async (
  { partition, offset, yes }: Skip,
  { source, topic, deadLetterTopic, stepOver, write, tell, confirm, signal }: Dependencies,
): Promise<number> => {
  const found = await findUndecodable(source, offset)
  if (typeof found === 'string') {
    tell(`${topic} partition ${partition} offset ${offset}: ${found}\n`)
    return exitCodes.failed
  }
  const { offset: first, lastOffset, raw, why } = found
  write(`${topic} partition ${partition}, offsets ${first} to ${lastOffset}, ${raw.length} bytes: ${why}\n`)
  if (!yes) {
    if (confirm === undefined) {
      tell('cannot ask for confirmation: use --yes\n')
      return exitCodes.usage
    }
    const isAgreed = await confirm(`Skip it? Its bytes go to ${deadLetterTopic}.`, signal)
    if (!isAgreed) return exitCodes.failed
  }
  await stepOver(found)
  write(`skipped; the group continues at offset ${lastOffset + 1}, and the bytes are on ${deadLetterTopic}\n`)
  return exitCodes.ok
}
