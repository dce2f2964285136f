/** Strings up to this many bytes are cached, because keys, types and the like repeat. */
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
 * A text of an event, as a range of bytes. A column is written from these bytes, without a string in between. It is valid as
 * long as the bytes are, so `flatten` must use it at once.
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

  /** For texts that are not in the message. Half a surrogate pair becomes U+FFFD, because UTF-8 cannot encode it. */
  static of(string: string): Text {
    const bytes = Buffer.from(string)
    return new Text(bytes, 0, bytes.length)
  }

  get isEmpty(): boolean {
    return this.from === this.to
  }

  /** Whether it is empty or only white space as defined by Unicode, which includes the no-break space. */
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
