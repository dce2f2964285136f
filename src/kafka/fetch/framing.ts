// Every record format starts with an offset and a length, and has its magic at the same position.
const lengthAt = 8
const magicAt = 16
const overhead = 12
// The shortest possible message: magic 0, without key and value.
const leastLength = 14

/** The size of the record batch or message at the start; undefined if it is cut off or its length is impossible. */
export const wholeSize = (bytes: Buffer): number | undefined => {
  if (bytes.length < overhead + leastLength) return undefined
  const length = bytes.readInt32BE(lengthAt)
  return length < leastLength || overhead + length > bytes.length ? undefined : overhead + length
}

/** The format: 2 for a record batch; 0 and 1 for messages before Kafka 0.11. */
export const magicOf = (entry: Buffer): number => entry.readInt8(magicAt)
