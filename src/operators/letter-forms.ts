import { type Headers, type KafkaRecord, type Rejected } from '../model/record.ts'

/** A part of the message that a dead letter may omit. */
export type Part = 'value' | 'headers' | 'key'

/** A rejected record as it is published. */
export interface DeadLetter {
  readonly rejected: Rejected
  /** Whether it is sent with gzip. The topic's limit applies to compressed bytes. */
  readonly compressed: boolean
  /** The parts that are omitted, because the topic refuses the letter with them. */
  readonly without: readonly Part[]
}

// A larger request may exceed socket.request.max.bytes. The broker would then close the connection, which looks like a
// transient fault. A message of that size was compressed, because topics accept 1 MiB by default.
export const plainBytes = 4 * 2 ** 20

// For our headers and the batch itself.
const overhead = 1024

const parts: readonly Part[] = ['value', 'headers', 'key']

const lengthOf = (value: Headers[string] | null): number =>
  Array.isArray(value) ? value.reduce((sum, one) => sum + lengthOf(one), 0) : Buffer.byteLength(value ?? '')

/** Bytes of one part; for headers, of their names and values. */
export const partSize = ({ key, value, headers }: KafkaRecord, part: Part): number => {
  if (part === 'key') return key?.length ?? 0
  if (part === 'value') return value?.length ?? 0
  return Object.entries(headers).reduce((sum, [name, held]) => sum + Buffer.byteLength(name) + lengthOf(held), 0)
}

/** Approximate bytes of a letter that omits nothing. */
export const sizeOf = (record: KafkaRecord): number =>
  parts.reduce((sum, part) => sum + partSize(record, part), overhead)

export const asItIs = (rejected: Rejected): DeadLetter => ({
  rejected,
  compressed: sizeOf(rejected.record) > plainBytes,
  without: [],
})

/** What to try if the topic refuses the letter: compressed, then with one part less each time. */
export const lessAndLess = (rejected: Rejected): DeadLetter[] => {
  const present = parts.filter(part => partSize(rejected.record, part) > 0)
  const counts = [0, ...present.map((_, index) => index + 1)]
  return counts.map(count => ({ rejected, compressed: true, without: present.slice(0, count) }))
}
