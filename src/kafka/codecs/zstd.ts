import { decompress } from 'fzstd'
import { checkLimit, type Codec } from './codec.ts'
import { framesOf, type ZstdFrame } from './zstd-frame.ts'

const leastWindowLog = 10

/**
 * The frame with a window no larger than its content. Writers that do not know the size in advance, such as the Java client,
 * declare 2 MiB, and up to 128 MiB at the highest level. The library allocates, clears and moves all of it, which costs
 * seven times as much as the decompression of a batch of 64 KiB.
 */
const withNarrowWindow = ({ bytes, contentBound, windowAt }: ZstdFrame): Buffer => {
  if (windowAt === undefined) return bytes
  const descriptor = (Math.max(leastWindowLog, Math.ceil(Math.log2(contentBound))) - leastWindowLog) << 3
  if (bytes.readUInt8(windowAt) <= descriptor) return bytes
  const narrow = Buffer.from(bytes)
  narrow[windowAt] = descriptor
  return narrow
}

export const zstd: Codec = {
  compress: () => {
    throw new Error('zstd compression is not supported')
  },
  decompress: buffer => {
    const frames = framesOf(buffer)
    checkLimit(frames.reduce((sum, { contentBound }) => sum + contentBound, 0))
    return Buffer.concat(frames.map(frame => decompress(withNarrowWindow(frame))))
  },
}
