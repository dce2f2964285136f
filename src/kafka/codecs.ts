import kafkajs, { CompressionTypes } from 'kafkajs'
import { type Codec } from './codecs/codec.ts'
import { gzip } from './codecs/gzip.ts'
import { lz4 } from './codecs/lz4.ts'
import { snappy } from './codecs/snappy.ts'
import { zstd } from './codecs/zstd.ts'

// The client is a CommonJS module without this named export.
const { CompressionCodecs } = kafkajs

/** A codec in the form that the client calls, once for each record batch. */
export interface ClientCodec {
  compress(encoder: { readonly buffer: Buffer }): Promise<Buffer>
  decompress(buffer: Buffer): Promise<Buffer>
}

const attempt = async (what: string, work: () => Buffer | Promise<Buffer>): Promise<Buffer> => {
  try {
    return await work()
  } catch (error) {
    throw new Error(`cannot ${what}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

const clientCodec = (name: string, { compress, decompress }: Codec): ClientCodec => ({
  compress: ({ buffer }) => attempt(`compress a record batch (${name})`, () => compress(buffer)),
  decompress: buffer => attempt(`decompress a record batch (${name})`, () => decompress(buffer)),
})

/**
 * Registers all compression codecs of Kafka with the client. By itself kafkajs 2.2 supports only gzip, without a limit. Call it
 * once, before the first consumer.
 */
export const registerCodecs = (): void => {
  CompressionCodecs[CompressionTypes.GZIP] = () => clientCodec('gzip', gzip)
  CompressionCodecs[CompressionTypes.Snappy] = () => clientCodec('snappy', snappy)
  CompressionCodecs[CompressionTypes.LZ4] = () => clientCodec('lz4', lz4)
  CompressionCodecs[CompressionTypes.ZSTD] = () => clientCodec('zstd', zstd)
}
