import { type Headers } from '../model/record.ts'
import { type DeadLetter, partSize } from '../operators/letter-forms.ts'

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
  writeTimestamp: '__connect.errors.write.timestamp',
  valueOmitted: '__connect.errors.value.omitted',
  headersOmitted: '__connect.errors.headers.omitted',
  keyOmitted: '__connect.errors.key.omitted',
} as const

/** On a replayed dead letter: the write timestamp that its record was given when it was first read, in microseconds. */
export const replayHeader = 'sunbird.replay.write.timestamp'

/** On a message that an earlier release replayed: the original record's own time in milliseconds. */
const earlierReplayHeader = 'sunbird.replay.timestamp'

const omittedHeaders = {
  value: deadLetterHeaders.valueOmitted,
  headers: deadLetterHeaders.headersOmitted,
  key: deadLetterHeaders.keyOmitted,
} as const

/** All values of one header, in their order. */
export const valuesOf = (header: Headers[string]): (Buffer | string)[] =>
  header === undefined ? [] : Array.isArray(header) ? header : [header]

/** Headers as the client can send them: it fails on a header without a value, which goes as an empty one. */
export const sendable = (headers: Headers): Record<string, Buffer | string | (Buffer | string)[]> => {
  const filled = (value: Buffer | string | null | undefined): Buffer | string => value ?? ''
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.map(filled) : filled(value)]),
  )
}

/** Everything the message had, and what was wrong with it. A name it already had keeps its value, ours comes after. */
export const headersOf = ({ rejected, without }: DeadLetter, stream: string, topic: string): Headers => {
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
    [deadLetterHeaders.writeTimestamp]: String(record.writeTimestamp),
    ...Object.fromEntries(without.map(part => [omittedHeaders[part], String(partSize(record, part))])),
  }
  const headers = without.includes('headers') ? {} : sendable(record.headers)
  for (const [name, value] of Object.entries(ours)) {
    headers[name] = headers[name] === undefined ? value : [...valuesOf(headers[name]), value]
  }
  return headers
}

/** The last value of a header: whoever adds one to those that are there puts it behind them. */
export const lastHeader = (headers: Headers, name: string): string | undefined =>
  valuesOf(headers[name]).at(-1)?.toString()

const wholeNumber = (text: string | undefined): number | undefined => {
  const number = text !== undefined && /^[1-9]\d{0,15}$/.test(text) ? Number(text) : NaN
  return Number.isSafeInteger(number) ? number : undefined
}

/** The write timestamp, in microseconds, that a header holds. */
export const writeTimestampIn = (headers: Headers, name: string): number | undefined =>
  wholeNumber(lastHeader(headers, name))

/**
 * The write timestamp, in microseconds, of a replayed dead letter: that of its first reading, so that it stands where it
 * would have stood. Undefined for every other record, and for a header later than `readAt`: any producer can send one,
 * and it would hide all updates until then.
 *
 * @param readAt microseconds
 */
export const replayTimestamp = (headers: Headers | undefined, readAt: number): number | undefined => {
  if (headers === undefined) return undefined
  const milliseconds = wholeNumber(lastHeader(headers, earlierReplayHeader))
  const replayed =
    writeTimestampIn(headers, replayHeader) ?? (milliseconds === undefined ? undefined : milliseconds * 1000)
  return replayed !== undefined && replayed <= readAt ? replayed : undefined
}
