import { compressFrameSync, decompressFrameSync } from 'lz4-napi'
import { checkLimit, type Codec } from './codec.ts'
import { contentBound } from './lz4-frame.ts'

export const lz4: Codec = {
  compress: content => compressFrameSync(content),
  decompress: frame => {
    // The library takes a frame that ends after any block for whole, and as much memory as the frame asks for.
    checkLimit(contentBound(frame))
    return decompressFrameSync(frame)
  },
}
