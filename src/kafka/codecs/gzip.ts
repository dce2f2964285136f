import { promisify } from 'node:util'
import { gzip as compress, unzip } from 'node:zlib'
import { type Codec, contentLimit } from './codec.ts'

const compressed = promisify(compress)
const decompressed = promisify<Buffer, { maxOutputLength: number }, Buffer>(unzip)

/** Unlike the client's own codec, this one has a limit. */
export const gzip: Codec = {
  compress: content => compressed(content),
  decompress: buffer => decompressed(buffer, { maxOutputLength: contentLimit }),
}
