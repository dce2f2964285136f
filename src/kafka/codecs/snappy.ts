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

// Loaded when it is needed: most topics need at most one codec.
const library = () => import('snappy')

export const snappy: Codec = {
  compress: async content => (await library()).compressSync(content),
  decompress: async buffer => {
    const blocks = blocksOf(buffer)
    checkLimit(blocks.reduce((sum, block) => sum + declaredSize(block), 0))
    const { uncompressSync } = await library()
    // Without a copy the garbage collector does not know the buffer's memory. For blocks of 32 KiB a copy is also faster.
    return Buffer.concat(blocks.map(block => uncompressSync(block, { copyOutputData: true }) as Buffer))
  },
}
