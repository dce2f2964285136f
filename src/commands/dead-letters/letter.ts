import { deadLetterHeaders, lastHeader, writeTimestampIn } from '../../kafka/headers.ts'
import { type StoredMessage } from '../../kafka/scan.ts'

/** The reason of a message on the dead-letter topic without a reason header. */
export const noReason = 'no-reason-header'

/** A dead letter on its topic, with the content of its headers. */
export interface Letter {
  readonly message: StoredMessage
  readonly reason: string
  /** The original message. */
  readonly source: {
    readonly topic: string
    readonly partition: string
    readonly offset: string
    /** Its timestamp in milliseconds; NaN without a header. */
    readonly timestamp: number
    /** Its write timestamp in microseconds; letters of earlier releases have none. */
    readonly writeTimestamp: number | undefined
  }
  /** What is wrong with it, for people. */
  readonly why: string
  /** Whether a part of the message was too large for the dead-letter topic and omitted. */
  readonly incomplete: boolean
}

/** Reads the headers. A foreign message on the topic is a letter without a reason. */
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
