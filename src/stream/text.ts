/** Texts up to this many bytes that are asked for as strings are made only once: keys, types and the like come again. */
const longestKept = 24
const keptCount = 2048
const kept: (string | undefined)[] = new Array<string | undefined>(keptCount).fill(undefined)

const isAsciiLetterOrSign = (byte: number): boolean => byte > 32 && byte < 127

const matches = (string: string, bytes: Uint8Array, from: number): boolean => {
  for (let index = 0; index < string.length; index += 1) {
    if (string.charCodeAt(index) !== bytes[from + index]) return false
  }
  return true
}

/**
 * A text of an event as a place in bytes: a column is written from there, without a string in between. Valid as long as
 * the bytes are; `flatten` uses it at once.
 */
export class Text {
  readonly bytes: Buffer
  readonly from: number
  readonly to: number

  constructor(bytes: Buffer, from: number, to: number) {
    this.bytes = bytes
    this.from = from
    this.to = to
  }

  /** For texts that are not in the message as they are. Half a surrogate pair becomes U+FFFD, as UTF-8 has no other way. */
  static of(string: string): Text {
    const bytes = Buffer.from(string)
    return new Text(bytes, 0, bytes.length)
  }

  get isEmpty(): boolean {
    return this.from === this.to
  }

  /** Whether it is empty or white space only, as Unicode knows it: a no-break space is white space too. */
  get isBlank(): boolean {
    for (let at = this.from; at < this.to; at += 1) {
      const byte = this.bytes[at] ?? 0
      if (isAsciiLetterOrSign(byte)) return false
      if (byte !== 32) return this.toString().trim() === ''
    }
    return true
  }

  toString(): string {
    const { bytes, from, to } = this
    const length = to - from
    if (length > longestKept) return this.#decoded()
    let hash = length
    for (let at = from; at < to; at += 1) {
      const byte = bytes[at] ?? 0
      if (byte > 127) return this.#decoded()
      hash = (Math.imul(hash, 31) + byte) | 0
    }
    const slot = (hash ^ (hash >>> 15)) & (keptCount - 1)
    const known = kept[slot]
    if (known?.length === length && matches(known, bytes, from)) return known
    const string = bytes.toString('latin1', from, to)
    kept[slot] = string
    return string
  }

  toJSON(): string {
    return this.toString()
  }

  #decoded(): string {
    return this.bytes.toString('utf8', this.from, this.to)
  }
}
