/** Layout and names as in the LZ4 frame format description, version 1.6; all numbers are little-endian. */
const magic = 0x184d2204
const flag = { blockChecksum: 0x10, contentSize: 0x08, dictionaryId: 0x01 }
const uncompressed = 0x8000_0000
const endMark = 0
// A sequence needs at least one byte for every 255 bytes of content.
const highestRatio = 255

/** 64 KiB, 256 KiB, 1 MiB or 4 MiB: the codes 4 to 7. */
const blockLimit = (descriptor: number): number => 2 ** (8 + 2 * ((descriptor >> 4) & 7))

/**
 * An upper bound of a frame's decompressed size, from the headers of its blocks.
 *
 * @throws Error if it is not a frame, or has no end mark
 */
export const contentBound = (frame: Buffer): number => {
  if (frame.readUInt32LE(0) !== magic) throw new Error('not an LZ4 frame')
  const flags = frame.readUInt8(4)
  const largestBlock = blockLimit(frame.readUInt8(5))
  const checksumSize = (flags & flag.blockChecksum) === 0 ? 0 : 4

  let bound = 0
  let at = 7 + ((flags & flag.contentSize) === 0 ? 0 : 8) + ((flags & flag.dictionaryId) === 0 ? 0 : 4)
  for (let size = frame.readUInt32LE(at); size !== endMark; size = frame.readUInt32LE(at)) {
    const stored = size % uncompressed
    bound += Math.min(largestBlock, stored * highestRatio)
    at += 4 + stored + checksumSize
  }
  return bound
}
