/** A map of texts, encoded for the native protocol in one buffer. */
export const encodeMap = (map: Record<string, string>): Buffer => {
  const texts = Object.entries(map).flat()
  let bytes = 4
  for (const text of texts) bytes += 4 + Buffer.byteLength(text)
  const buffer = Buffer.allocUnsafe(bytes)
  let at = buffer.writeInt32BE(texts.length / 2, 0)
  for (const text of texts) {
    const length = buffer.write(text, at + 4)
    buffer.writeInt32BE(length, at)
    at += 4 + length
  }
  return buffer
}
