import { type Headers, type KafkaRecord, type Rejected } from '../model/record.ts'

/** A part of the message that its dead letter can leave out. */
export type Part = 'value' | 'headers' | 'key'

/** A rejected record as it is published. */
export interface DeadLetter {
  readonly rejected: Rejected
  /** Sent compressed (gzip). The topic's limit counts compressed bytes. */
  readonly compressed: boolean
  /** What is left out, because the topic refuses the letter with it. */
  readonly without: readonly Part[]
}

// A larger request might be more than the brokers read (socket.request.max.bytes): they close the connection then, which
// looks like a fault that passes. A message that large came compressed, since topics allow 1 MiB unless told otherwise.
export const plainBytes = 4 * 2 ** 20

// Our headers, and what a batch costs besides.
const overhead = 1024

const parts: readonly Part[] = ['value', 'headers', 'key']

const lengthOf = (value: Headers[string] | null): number =>
  Array.isArray(value) ? value.reduce((sum, one) => sum + lengthOf(one), 0) : Buffer.byteLength(value ?? '')

/** Bytes of one part; of headers their names and values. */
export const partSize = ({ key, value, headers }: KafkaRecord, part: Part): number => {
  if (part === 'key') return key?.length ?? 0
  if (part === 'value') return value?.length ?? 0
  return Object.entries(headers).reduce((sum, [name, held]) => sum + Buffer.byteLength(name) + lengthOf(held), 0)
}

/** Bytes of a letter that leaves nothing out, about. */
export const sizeOf = (record: KafkaRecord): number =>
  parts.reduce((sum, part) => sum + partSize(record, part), overhead)

export const asItIs = (rejected: Rejected): DeadLetter => ({
  rejected,
  compressed: sizeOf(rejected.record) > plainBytes,
  without: [],
})

/** What is tried in turn when the topic refuses the letter as it is: compressed, then with one part less each time. */
export const lessAndLess = (rejected: Rejected): DeadLetter[] => {
  const present = parts.filter(part => partSize(rejected.record, part) > 0)
  const counts = [0, ...present.map((_, index) => index + 1)]
  return counts.map(count => ({ rejected, compressed: true, without: present.slice(0, count) }))
}
