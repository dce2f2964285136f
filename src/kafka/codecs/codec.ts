/** A compression codec for record batches. Errors contain nothing of the content. */
export interface Codec {
  readonly compress: (content: Buffer) => Buffer | Promise<Buffer>
  readonly decompress: (compressed: Buffer) => Buffer | Promise<Buffer>
}

/**
 * The maximum decompressed size of a record batch. It is sixty times the default limit of a topic, and a worker with 256 MiB has
 * room for it.
 */
export const contentLimit = 64 * 2 ** 20

/**
 * Call it before memory is allocated.
 *
 * @throws Error if the size exceeds the limit
 */
export const checkLimit = (bytes: number): void => {
  if (bytes > contentLimit) throw new Error(`it holds more than ${contentLimit} bytes`)
}
