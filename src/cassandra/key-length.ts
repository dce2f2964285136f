import { InvalidEvent } from '../stream/invalid-event.ts'
import { type TableDefinition } from '../stream/definition.ts'
import { type Packed } from './slab.ts'

// Cassandra writes the length of a key as an unsigned short.
const longest = 65_535
// Of a partition key of several columns each takes a length before it and a byte behind it.
const partBytes = 3

const lengthsOf = ({ bytes, start, end }: Packed): number[] => {
  const lengths: number[] = []
  let at = start
  while (at < end) {
    const length = bytes.readInt32BE(at)
    lengths.push(Math.max(0, length))
    at += 4 + Math.max(0, length)
  }
  return lengths
}

/**
 * Checks that Cassandra can take the row's key, whatever its version: each clustering column, and the partition key as a
 * whole, has at most 65,535 bytes.
 *
 * @param names the columns whose values were packed, in their order
 * @throws InvalidEvent `key-too-long`
 */
export const checkKeyLength = (
  { partitionKey, clusteringKey }: TableDefinition,
  names: readonly string[],
  packed: Packed,
): void => {
  // All its values together are shorter than that: true for all but a few rows.
  if (packed.end - packed.start <= longest) return
  const lengths = lengthsOf(packed)
  const lengthOf = (name: string): number => lengths[names.indexOf(name)] ?? 0
  const parts = partitionKey.length === 1 ? 0 : partBytes
  const partition = partitionKey.reduce((sum, name) => sum + lengthOf(name) + parts, 0)
  const tooLong = (what: string, bytes: number): InvalidEvent =>
    new InvalidEvent('key-too-long', `${what}: ${bytes} bytes, and Cassandra takes at most ${longest}`)
  if (partition > longest) throw tooLong(`partition key (${partitionKey.join(', ')})`, partition)
  for (const name of clusteringKey) {
    if (lengthOf(name) > longest) throw tooLong(`clustering column ${name}`, lengthOf(name))
  }
}
