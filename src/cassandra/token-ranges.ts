const encodeToken = (token: bigint): Buffer => {
  const buffer = Buffer.alloc(8)
  buffer.writeBigInt64BE(token)
  return buffer
}

/**
 * One of so many token ranges that cover the ring of the Murmur3 partitioner, which has -2^63 for no row: its tokens are
 * above the first and up to the second.
 */
export const tokenRange = (part: number, parts: number): [Buffer, Buffer] => {
  const edge = (n: number): Buffer => {
    const token = -(2n ** 63n) + (2n ** 64n * BigInt(n)) / BigInt(parts)
    return encodeToken(n === parts ? token - 1n : token)
  }
  return [edge(part), edge(part + 1)]
}
