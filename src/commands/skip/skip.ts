import { type UndecodableBatch } from '../../kafka/fetch/fetched.ts'
import { type Confirm } from '../confirm.ts'
import { exitCodes } from '../exit-codes.ts'
import { findUndecodable, type SkippablePartition } from './find.ts'

export interface Skip {
  readonly partition: number
  readonly offset: number
  /** Do not ask. */
  readonly yes: boolean
}

export interface Surroundings {
  readonly source: SkippablePartition
  readonly topic: string
  readonly deadLetterTopic: string
  /** Publishes its bytes, and commits the offset behind it. */
  readonly stepOver: (batch: UndecodableBatch) => Promise<void>
  /** Results. */
  readonly write: (text: string) => void
  /** What goes wrong. */
  readonly tell: (text: string) => void
  /** Undefined when nobody can answer. */
  readonly confirm: Confirm | undefined
  readonly signal: AbortSignal
}

/**
 * Steps over one undecodable record batch, after it has said which and asked. Gives the exit code.
 *
 * @throws Fault when Kafka is in trouble: then nothing was done
 */
export const skip = async (
  { partition, offset, yes }: Skip,
  { source, topic, deadLetterTopic, stepOver, write, tell, confirm, signal }: Surroundings,
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
      tell('nobody can be asked here: give --yes\n')
      return exitCodes.usage
    }
    const isAgreed = await confirm(`Step over it? Its bytes go to ${deadLetterTopic}.`, signal)
    if (!isAgreed) return exitCodes.failed
  }
  await stepOver(found)
  write(`stepped over; the group goes on at offset ${lastOffset + 1}, its bytes are on ${deadLetterTopic}\n`)
  return exitCodes.ok
}
