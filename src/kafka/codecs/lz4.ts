import { compressFrameSync, decompressFrameSync } from 'lz4-napi'
import { checkLimit, type Codec } from './codec.ts'
import { contentBound } from './lz4-frame.ts'

export const lz4: Codec = {
  compress: content => compressFrameSync(content),
  decompress: frame => {
    // The library accepts a frame that is cut off after a block, and allocates as much memory as the frame declares.
    checkLimit(contentBound(frame))
    return decompressFrameSync(frame)
  },
}
