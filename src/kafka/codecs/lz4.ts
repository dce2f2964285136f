import { checkLimit, type Codec } from './codec.ts'
import { contentBound } from './lz4-frame.ts'

// Loaded when it is needed: most topics need at most one codec.
const library = () => import('lz4-napi')

export const lz4: Codec = {
  compress: async content => (await library()).compressFrameSync(content),
  decompress: async frame => {
    // The library accepts a frame that is cut off after a block, and allocates as much memory as the frame declares.
    checkLimit(contentBound(frame))
    return (await library()).decompressFrameSync(frame)
  },
}
