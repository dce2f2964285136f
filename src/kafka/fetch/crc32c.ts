// Castagnoli's polynomial with its bits reversed (RFC 3720, appendix B.4).
const polynomial = 0x82f63b78

// Eight tables one after the other: a step takes eight bytes, which is several times as fast as one byte a step.
const table = new Int32Array(8 * 256)
const at = (index: number): number => table[index] ?? 0

for (let byte = 0; byte < 256; byte++) {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 0 ? crc >>> 1 : (crc >>> 1) ^ polynomial
  table[byte] = crc
}
for (let i = 256; i < table.length; i++) table[i] = (at(i - 256) >>> 8) ^ at(at(i - 256) & 0xff)

/** The checksum of a record batch. */
export const crc32c = (bytes: Uint8Array): number => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const whole = bytes.length - (bytes.length % 8)
  let crc = -1
  for (let i = 0; i < whole; i += 8) {
    const low = crc ^ view.getInt32(i, true)
    const high = view.getInt32(i + 4, true)
    crc =
      at(1792 + (low & 0xff)) ^
      at(1536 + ((low >>> 8) & 0xff)) ^
      at(1280 + ((low >>> 16) & 0xff)) ^
      at(1024 + (low >>> 24)) ^
      at(768 + (high & 0xff)) ^
      at(512 + ((high >>> 8) & 0xff)) ^
      at(256 + ((high >>> 16) & 0xff)) ^
      at(high >>> 24)
  }
  for (let i = whole; i < bytes.length; i++) crc = (crc >>> 8) ^ at((crc ^ view.getUint8(i)) & 0xff)
  return ~crc >>> 0
}
