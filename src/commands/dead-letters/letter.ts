import { deadLetterHeaders } from '../../kafka/headers.ts'
import { type StoredMessage } from '../../kafka/scan.ts'
import { type Headers } from '../../model/record.ts'

/** The reason of a message on the dead-letter topic that has no reason of ours. */
export const noReason = 'no-reason-header'

/** A dead letter as it lies on its topic, with what its headers tell. */
export interface Letter {
  readonly message: StoredMessage
  readonly reason: string
  /** Where the original was read. Its `timestamp` is undefined when the header is missing or holds none. */
  readonly source: {
    readonly topic: string
    readonly partition: string
    readonly offset: string
    readonly timestamp: number | undefined
  }
  /** What was wrong, for people. */
  readonly why: string
  /** True when the value was too large for the dead-letter topic: the letter is without it. */
  readonly valueOmitted: boolean
}

/** The last value of a header: whoever adds one to those that are there puts it behind them. */
export const lastHeader = (headers: Headers, name: string): string | undefined => {
  const header = headers[name]
  const last = Array.isArray(header) ? header.at(-1) : header
  return last?.toString()
}

const milliseconds = (text: string | undefined): number | undefined =>
  text !== undefined && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined

/** Reads what the headers tell; a message of somebody else on the topic is a letter without a reason. */
export const readLetter = (message: StoredMessage): Letter => {
  const header = (name: keyof typeof deadLetterHeaders): string | undefined =>
    lastHeader(message.headers, deadLetterHeaders[name])
  return {
    message,
    reason: header('reason') ?? noReason,
    source: {
      topic: header('topic') ?? '',
      partition: header('partition') ?? '',
      offset: header('offset') ?? '',
      timestamp: milliseconds(header('timestamp')),
    },
    why: header('message') ?? '',
    valueOmitted: message.value === null && header('valueOmitted') !== undefined,
  }
}
