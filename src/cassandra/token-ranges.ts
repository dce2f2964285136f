const encodeToken = (token: bigint): Buffer => {
  const buffer = Buffer.alloc(8)
  buffer.writeBigInt64BE(token)
  return buffer
}

/**
 * One of `parts` token ranges that cover the ring of the Murmur3 partitioner: tokens above the first value, up to the second.
 * No row has the token -2^63.
 */
export const tokenRange = (part: number, parts: number): [Buffer, Buffer] => {
  const edge = (n: number): Buffer => {
    const token = -(2n ** 63n) + (2n ** 64n * BigInt(n)) / BigInt(parts)
    return encodeToken(n === parts ? token - 1n : token)
  }
  return [edge(part), edge(part + 1)]
}
