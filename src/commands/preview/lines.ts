const newline = 0x0a
const carriageReturn = 0x0d

const lineOf = (parts: readonly Buffer[]): Buffer => {
  const line = Buffer.concat(parts)
  return line.at(-1) === carriageReturn ? line.subarray(0, -1) : line
}

/**
 * Lines as bytes, whatever their encoding and length, each without its `\n` or `\r\n`; one at the end of the input opens
 * no further line. The parts of a long line are put together once, when its end is seen.
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
