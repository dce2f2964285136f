const magic = Buffer.from([0x82, ...Buffer.from('SNAPPY'), 0])
// The magic, then the version and the oldest version that reads it, 4 bytes each.
const headerSize = magic.length + 8

// In a bare block the magic would mean 10626 bytes that start with a copy of earlier bytes. No block starts like this, so the
// two formats cannot be confused.
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
 * The snappy blocks of a record batch. Java clients write the stream format of snappy-java: a header, then chunks of a 4-byte
 * size and a block. librdkafka and others write one bare block.
 *
 * A stream that is cut off between two chunks looks complete, but records are missing.
 *
 * @throws Error if there is no chunk, or the size of a chunk is cut off; a block that is cut off is returned as it is
 */
export const blocksOf = (buffer: Buffer): Buffer[] => (isChunked(buffer) ? chunksOf(buffer) : [buffer])
