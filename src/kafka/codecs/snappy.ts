import { compressSync, uncompressSync } from 'snappy'
import { checkLimit, type Codec } from './codec.ts'
import { blocksOf } from './snappy-framing.ts'

/** The declared size of a block: a varint of up to 5 bytes at its start, low bits first (Snappy's format description). */
const declaredSize = (block: Buffer): number => {
  let size = 0
  for (const [i, byte] of block.subarray(0, 5).entries()) {
    size += (byte & 0x7f) * 2 ** (7 * i)
    if (byte < 0x80) return size
  }
  throw new Error('cut off within the size of a block')
}

// Without a copy the garbage collector does not know the buffer's memory. For blocks of 32 KiB a copy is also faster.
const decompressed = (block: Buffer): Buffer => uncompressSync(block, { copyOutputData: true }) as Buffer

export const snappy: Codec = {
  compress: content => compressSync(content),
  decompress: buffer => {
    const blocks = blocksOf(buffer)
    checkLimit(blocks.reduce((sum, block) => sum + declaredSize(block), 0))
    return Buffer.concat(blocks.map(decompressed))
  },
}
