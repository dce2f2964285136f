const magic = Buffer.from([0x82, ...Buffer.from('SNAPPY'), 0])
// The magic, then the version and the oldest version that reads it, 4 bytes each.
const headerSize = magic.length + 8

// As the first bytes of a bare block the magic would say "10626 bytes, beginning with a copy of earlier ones": no block
// begins so, and the two cannot be taken for one another.
const isChunked = (buffer: Buffer): boolean => buffer.subarray(0, magic.length).equals(magic)

const chunksOf = (buffer: Buffer): Buffer[] => {
  const chunks: Buffer[] = []
  let at = headerSize
  while (at < buffer.length) {
    const start = at + 4
    at = start + buffer.readUInt32BE(at)
    chunks.push(buffer.subarray(start, at))
  }
  if (chunks.length === 0) throw new Error('cut off before the first block')
  return chunks
}

/**
 * The snappy blocks of a record batch. Java clients write snappy-java's stream: a header, then chunks, each the size of a
 * block in 4 bytes and the block. librdkafka and others write one bare block.
 *
 * A stream that is cut off between two chunks cannot be told from a whole one: the client then misses records.
 *
 * @throws Error when there is no chunk, or a chunk's size is cut off; a block that is cut off is given as it is.
 */
export const blocksOf = (buffer: Buffer): Buffer[] => (isChunked(buffer) ? chunksOf(buffer) : [buffer])
