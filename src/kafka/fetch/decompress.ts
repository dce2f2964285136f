import { type Codec } from '../codecs/codec.ts'
import { gzip } from '../codecs/gzip.ts'
import { lz4 } from '../codecs/lz4.ts'
import { snappy } from '../codecs/snappy.ts'
import { zstd } from '../codecs/zstd.ts'
import { Malformed } from './bytes-reader.ts'

// By their numbers in a batch's attributes.
const codecs: readonly (readonly [name: string, codec: Codec])[] = [
  ['gzip', gzip],
  ['snappy', snappy],
  ['lz4', lz4],
  ['zstd', zstd],
]

/**
 * Decompresses the content of a record batch.
 *
 * @throws Malformed if it is cut off or invalid, the compression is unknown, or it exceeds the limit in codecs/codec.ts
 */
export const decompress = async (compression: number, compressed: Buffer): Promise<Buffer> => {
  if (compression === 0) return compressed
  const [name, codec] = codecs[compression - 1] ?? []
  if (codec === undefined) throw new Malformed(`compression ${compression} is not known`)
  try {
    return await codec.decompress(compressed)
  } catch (error) {
    throw new Malformed(`cannot decompress (${name}): ${error instanceof Error ? error.message : String(error)}`)
  }
}
