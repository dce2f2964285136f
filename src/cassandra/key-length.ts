import { InvalidEvent } from '../stream/invalid-event.ts'
import { type TableDefinition } from '../stream/definition.ts'
import { type Packed } from './slab.ts'

// Cassandra writes the length of a key as an unsigned short.
const longest = 65_535
// In a composite partition key, each column has a length before it and a byte after it.
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
 * Checks that any version of Cassandra accepts the row's key: each clustering column, and the whole partition key, has at most
 * 65,535 bytes.
 *
 * @param names the columns of the packed values, in order
 * @throws InvalidEvent `key-too-long`
 */
export const checkKeyLength = (
  { partitionKey, clusteringKey }: TableDefinition,
  names: readonly string[],
  packed: Packed,
): void => {
  // True for almost all rows: all values together are shorter than that.
  if (packed.end - packed.start <= longest) return
  const lengths = lengthsOf(packed)
  const lengthOf = (name: string): number => lengths[names.indexOf(name)] ?? 0
  const parts = partitionKey.length === 1 ? 0 : partBytes
  const partition = partitionKey.reduce((sum, name) => sum + lengthOf(name) + parts, 0)
  const tooLong = (what: string, bytes: number): InvalidEvent =>
    new InvalidEvent('key-too-long', `${what}: ${bytes} bytes, but Cassandra accepts at most ${longest}`)
  if (partition > longest) throw tooLong(`partition key (${partitionKey.join(', ')})`, partition)
  for (const name of clusteringKey) {
    if (lengthOf(name) > longest) throw tooLong(`clustering column ${name}`, lengthOf(name))
  }
}
