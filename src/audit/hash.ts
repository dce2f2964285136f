const [basisA, basisB] = [0x811c9dc5, 0x9747b28c]
// FNV's prime, and another odd number with well-spread bits.
const [primeA, primeB] = [0x01000193, 0x85ebca6b]

const mixed = (h: number): number => {
  let x = h ^ (h >>> 16)
  x = Math.imul(x, 0x85ebca6b)
  x ^= x >>> 13
  x = Math.imul(x, 0xc2b2ae35)
  return x ^ (x >>> 16)
}

/**
 * A digest of 53 bits. Two different values have the same digest with a probability of 1 in 9 * 10^15. It distinguishes values,
 * and does not protect against values that are made to collide.
 *
 * @param seed of 32 bits; digests with different seeds cannot be compared
 */
export const digestBytes = (seed: number, bytes: Buffer, from: number, to: number): number => {
  let a = basisA ^ seed
  let b = basisB ^ seed
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at] ?? 0
    a = Math.imul(a ^ byte, primeA)
    b = Math.imul(b ^ byte, primeB) ^ (b >>> 15)
  }
  const [low, high] = [mixed(a ^ (to - from)), mixed(b ^ a)]
  return (high & 0x1fffff) * 0x1_0000_0000 + (low >>> 0)
}

const range = 0x20_0000_0000_0000

/** Combines two digests; the order does not matter. */
export const addDigests = (a: number, b: number): number => {
  const rest = range - b
  return a >= rest ? a - rest : a + b
}
