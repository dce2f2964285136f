/** One compression of record batches; both ways throw an Error that holds nothing of the content. */
export interface Codec {
  readonly compress: (content: Buffer) => Buffer | Promise<Buffer>
  readonly decompress: (compressed: Buffer) => Buffer | Promise<Buffer>
}

/**
 * The most bytes that one record batch may hold decompressed: sixty times what a topic takes of compressed ones by default.
 * A worker of 256 MiB has room for one.
 */
export const contentLimit = 64 * 2 ** 20

/**
 * Asked before memory is taken for that much content.
 *
 * @throws Error when it is more than the limit.
 */
export const checkLimit = (bytes: number): void => {
  if (bytes > contentLimit) throw new Error(`it holds more than ${contentLimit} bytes`)
}
