import { deadLetterHeaders, lastHeader, writeTimestampIn } from '../../kafka/headers.ts'
import { type StoredMessage } from '../../kafka/scan.ts'

/** The reason of a message on the dead-letter topic that has no reason of ours. */
export const noReason = 'no-reason-header'

/** A dead letter as it lies on its topic, with what its headers tell. */
export interface Letter {
  readonly message: StoredMessage
  readonly reason: string
  /** Where the original was read. */
  readonly source: {
    readonly topic: string
    readonly partition: string
    readonly offset: string
    /** The record's own time in milliseconds; NaN when no header holds it. */
    readonly timestamp: number
    /** The write timestamp that its record got, in microseconds; letters of earlier releases have none. */
    readonly writeTimestamp: number | undefined
  }
  /** What was wrong, for people. */
  readonly why: string
  /** True when part of the message was too large for the dead-letter topic and was left out. */
  readonly incomplete: boolean
}

/** Reads what the headers tell; a message of somebody else on the topic is a letter without a reason. */
export const readLetter = (message: StoredMessage): Letter => {
  const { headers, key, value } = message
  const header = (name: keyof typeof deadLetterHeaders): string | undefined =>
    lastHeader(headers, deadLetterHeaders[name])
  return {
    message,
    reason: header('reason') ?? noReason,
    source: {
      topic: header('topic') ?? '',
      partition: header('partition') ?? '',
      offset: header('offset') ?? '',
      timestamp: Number(header('timestamp') ?? NaN),
      writeTimestamp: writeTimestampIn(headers, deadLetterHeaders.writeTimestamp),
    },
    why: header('message') ?? '',
    incomplete:
      (value === null && header('valueOmitted') !== undefined) ||
      (key === null && header('keyOmitted') !== undefined) ||
      header('headersOmitted') !== undefined,
  }
}
