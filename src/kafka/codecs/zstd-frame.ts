/** One frame of a record batch; names as in RFC 8878, section 3.1. */
export interface ZstdFrame {
  readonly bytes: Buffer
  /** An upper bound of its decompressed size. */
  readonly contentBound: number
  /** The position of its window descriptor; a single-segment frame has none. */
  readonly windowAt: number | undefined
}

const magic = 0xfd2fb528
const flag = { singleSegment: 0x20, checksum: 0x04 }
const dictionaryIdSizes = [0, 1, 2, 4] as const
const contentSizeSizes = [0, 2, 4, 8] as const
const largestBlock = 128 * 1024

interface Block {
  readonly isLast: boolean
  readonly end: number
  readonly contentBound: number
}

const blockAt = (buffer: Buffer, at: number): Block => {
  const header = buffer.readUIntLE(at, 3)
  const isLast = (header & 1) === 1
  const size = header >> 3
  switch ((header >> 1) & 3) {
    case 0:
      return { isLast, end: at + 3 + size, contentBound: size }
    case 1: // one byte, repeated
      return { isLast, end: at + 4, contentBound: size }
    case 2:
      return { isLast, end: at + 3 + size, contentBound: largestBlock }
    default:
      throw new Error('a block is of an unknown type')
  }
}

const declaredSize = (buffer: Buffer, at: number, size: number): number => {
  if (size === 0) return 0
  if (size === 8) return Number(buffer.readBigUInt64LE(at))
  return buffer.readUIntLE(at, size) + (size === 2 ? 256 : 0)
}

const frameAt = (buffer: Buffer, start: number): ZstdFrame => {
  if (buffer.readUInt32LE(start) !== magic) throw new Error('not a Zstandard frame')
  const descriptor = buffer.readUInt8(start + 4)
  const isSingle = (descriptor & flag.singleSegment) !== 0
  const dictionaryIdSize = dictionaryIdSizes[(descriptor & 3) as 0 | 1 | 2 | 3]
  const sizeCode = (descriptor >> 6) as 0 | 1 | 2 | 3
  const sizeSize = isSingle && sizeCode === 0 ? 1 : contentSizeSizes[sizeCode]
  const sizeAt = start + 5 + (isSingle ? 0 : 1) + dictionaryIdSize

  let contentBound = 0
  let end = sizeAt + sizeSize
  for (let block: Block | undefined; block?.isLast !== true; end = block.end) {
    block = blockAt(buffer, end)
    contentBound += block.contentBound
  }
  if ((descriptor & flag.checksum) !== 0) end += 4
  if (end > buffer.length) throw new Error('cut off within a frame')
  if (declaredSize(buffer, sizeAt, sizeSize) > contentBound)
    throw new Error('a frame declares more than its blocks can hold')
  return { bytes: buffer.subarray(start, end), contentBound, windowAt: isSingle ? undefined : 5 }
}

/**
 * The frames of a record batch, from the headers of their blocks.
 *
 * @throws Error if there is none, or one is incomplete
 */
export const framesOf = (buffer: Buffer): ZstdFrame[] => {
  const frames: ZstdFrame[] = []
  let at = 0
  do {
    const frame = frameAt(buffer, at)
    frames.push(frame)
    at += frame.bytes.length
  } while (at < buffer.length)
  return frames
}
