import { type DeadLetter } from '../operators/dead-letter.ts'
import { type Headers } from '../model/record.ts'

/**
 * Headers of a dead letter: Kafka Connect's names where it has one (KIP-298), and in the same manner where it has none.
 * Their values are about the message and never from it.
 */
export const deadLetterHeaders = {
  stream: '__connect.errors.connector.name',
  stage: '__connect.errors.stage',
  reason: '__connect.errors.reason',
  message: '__connect.errors.exception.message',
  topic: '__connect.errors.topic',
  partition: '__connect.errors.partition',
  offset: '__connect.errors.offset',
  timestamp: '__connect.errors.timestamp',
  valueOmitted: '__connect.errors.value.omitted',
} as const

/** On a dead letter that was published again to its source topic: the original record's timestamp in milliseconds. */
export const replayHeader = 'sunbird.replay.timestamp'

/** Everything the message had, and what was wrong with it. A name it already had keeps its value, ours comes after. */
export const headersOf = ({ rejected, withoutValue }: DeadLetter, stream: string, topic: string): Headers => {
  const { record, stage, reason, message } = rejected
  const ours: Record<string, string> = {
    [deadLetterHeaders.stream]: stream,
    [deadLetterHeaders.stage]: stage,
    [deadLetterHeaders.reason]: reason,
    [deadLetterHeaders.message]: message,
    [deadLetterHeaders.topic]: topic,
    [deadLetterHeaders.partition]: String(record.partition),
    [deadLetterHeaders.offset]: String(record.offset),
    [deadLetterHeaders.timestamp]: String(record.timestamp),
    ...(withoutValue ? { [deadLetterHeaders.valueOmitted]: String(record.value?.length ?? 0) } : {}),
  }
  const headers: Record<string, Headers[string]> = { ...record.headers }
  for (const [name, value] of Object.entries(ours)) {
    const theirs = headers[name]
    headers[name] = theirs === undefined ? value : [...(Array.isArray(theirs) ? theirs : [theirs]), value]
  }
  return headers
}

/**
 * The write timestamp, in microseconds, of a replayed dead letter: its original record's time, so that it never
 * overwrites something newer. Undefined for every other record.
 */
export const replayTimestamp = (headers: Headers | undefined): number | undefined => {
  const header = headers?.[replayHeader]
  if (header === undefined) return undefined
  const milliseconds = Number(String(Array.isArray(header) ? header.at(-1) : header))
  return Number.isSafeInteger(milliseconds * 1000) && milliseconds > 0 ? milliseconds * 1000 : undefined
}
