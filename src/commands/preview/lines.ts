const newline = 0x0a
const carriageReturn = 0x0d

const lineOf = (parts: readonly Buffer[]): Buffer => {
  const line = Buffer.concat(parts)
  return line.at(-1) === carriageReturn ? line.subarray(0, -1) : line
}

/**
 * Splits bytes into lines, in any encoding and of any length, without their `\n` or `\r\n`. A newline at the end of the input
 * starts no further line. The parts of a long line are joined only once.
 */
export const splitLines = async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let parts: Buffer[] = []
  for await (const chunk of chunks) {
    let start = 0
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      yield lineOf([...parts, chunk.subarray(start, end)])
      parts = []
      start = end + 1
    }
    if (start < chunk.length) parts.push(chunk.subarray(start))
  }
  if (parts.length > 0) yield lineOf(parts)
}
