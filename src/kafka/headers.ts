import { type Headers } from '../model/record.ts'
import { type DeadLetter, partSize } from '../operators/letter-forms.ts'

/**
 * Headers of a dead letter, with the names of Kafka Connect (KIP-298) or names that follow its pattern. Their values describe
 * the message, and contain nothing of it.
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

/** Header of a replayed dead letter: the write timestamp of the first read, in microseconds. */
export const replayHeader = 'sunbird.replay.write.timestamp'

/** Header of a message that an earlier release replayed: the timestamp of the original in milliseconds. */
const earlierReplayHeader = 'sunbird.replay.timestamp'

const omittedHeaders = {
  value: deadLetterHeaders.valueOmitted,
  headers: deadLetterHeaders.headersOmitted,
  key: deadLetterHeaders.keyOmitted,
} as const

/** All values of one header, in order. */
export const valuesOf = (header: Headers[string]): (Buffer | string)[] =>
  header === undefined ? [] : Array.isArray(header) ? header : [header]

/** Headers in a form that the client can send: it fails on null values, which become empty. */
export const sendable = (headers: Headers): Record<string, Buffer | string | (Buffer | string)[]> => {
  const filled = (value: Buffer | string | null | undefined): Buffer | string => value ?? ''
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.map(filled) : filled(value)]),
  )
}

/** The message's headers and ours. If a name exists already, our value comes last. */
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

/** The last value of a header, which is the one added last. */
export const lastHeader = (headers: Headers, name: string): string | undefined =>
  valuesOf(headers[name]).at(-1)?.toString()

const wholeNumber = (text: string | undefined): number | undefined => {
  const number = text !== undefined && /^[1-9]\d{0,15}$/.test(text) ? Number(text) : NaN
  return Number.isSafeInteger(number) ? number : undefined
}

/** The write timestamp in a header, in microseconds. */
export const writeTimestampIn = (headers: Headers, name: string): number | undefined =>
  wholeNumber(lastHeader(headers, name))

/**
 * The write timestamp of a replayed dead letter in microseconds, which is that of the first read. So it does not replace newer
 * versions. Undefined for all other records, and for a timestamp later than `readAt`: any producer could send one, and it
 * would hide all updates until then.
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
