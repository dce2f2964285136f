/** The bytes do not have the expected layout. The message contains nothing of the content. */
export class Malformed extends Error {
  override readonly name = 'Malformed'
}

/**
 * Reads Kafka's primitive types (protocol guide: numbers are big-endian, varints are zigzag-encoded with the low bits first).
 * Bytes are returned as views.
 *
 * @throws Malformed from every method, if a field exceeds the end
 */
export class BytesReader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get at(): number {
    return this.#at
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length
  }

  /** Skips an unused byte. */
  skipByte(): void {
    this.#byte()
  }

  varint(): number {
    const value = this.#unsigned()
    // Up to 2 ** 32 - 1: five bytes at most.
    if (value > 0xffff_ffff) throw new Malformed('a number is longer than 32 bits')
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }

  /** Not exact beyond 53 bits. */
  varlong(): number {
    const value = this.#unsigned()
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }

  /** A count of items of at least one byte each, which limits a wrong count. */
  count(what: string): number {
    const count = this.varint()
    if (count < 0 || count > this.#bytes.length - this.#at) throw new Malformed(`${what}: a count of ${count}`)
    return count
  }

  /** A length and its bytes; null for the length -1. */
  bytes(what: string): Buffer | null {
    return this.sized(this.varint(), what)
  }

  sized(length: number, what: string): Buffer | null {
    if (length === -1) return null
    const from = this.#at
    this.#skip(length, what)
    return this.#bytes.subarray(from, this.#at)
  }

  /** Skips a length and its bytes; returns the length, which is -1 for null. */
  skipBytes(what: string): number {
    const length = this.varint()
    if (length !== -1) this.#skip(length, what)
    return length
  }

  /** The bytes from this earlier position to the current one. */
  since(from: number): Buffer {
    return this.#bytes.subarray(from, this.#at)
  }

  int16(): number {
    return this.#fixed(2).readInt16BE()
  }

  int32(): number {
    return this.#fixed(4).readInt32BE()
  }

  /** Not exact beyond 53 bits. */
  int64(): number {
    return Number(this.bigInt64())
  }

  bigInt64(): bigint {
    return this.#fixed(8).readBigInt64BE()
  }

  #skip(length: number, what: string): void {
    const end = this.#at + length
    if (length < 0 || end > this.#bytes.length) throw new Malformed(`${what}: a length of ${length}`)
    this.#at = end
  }

  #fixed(length: number): Buffer {
    const end = this.#at + length
    if (end > this.#bytes.length) throw new Malformed('cut off within a number')
    const bytes = this.#bytes.subarray(this.#at, end)
    this.#at = end
    return bytes
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++]
    if (byte === undefined) throw new Malformed('cut off within a record')
    return byte
  }

  #unsigned(): number {
    const first = this.#byte()
    if (first < 0x80) return first
    let value = first & 0x7f
    let weight = 0x80
    for (let size = 2; size <= 10; size++) {
      const byte = this.#byte()
      value += (byte & 0x7f) * weight
      if (byte < 0x80) return value
      weight *= 0x80
    }
    throw new Malformed('a number is longer than 64 bits')
  }
}
