/** The bytes are not a JSON document. */
export class NotJson extends Error {}

const isHex = (byte: number | undefined): boolean =>
  byte !== undefined && ((byte >= 48 && byte <= 57) || ((byte | 32) >= 97 && (byte | 32) <= 102))

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 48 && byte <= 57

// Bytes that need no escape in a text: all except control characters, the quote and the backslash.
const plain = new Uint8Array(256).fill(1, 32)
plain[0x22] = 0
plain[0x5c] = 0

const escapes = new Uint8Array(256)
for (const letter of '"\\/bfnrt') escapes[letter.charCodeAt(0)] = 1

const inObject = 1
const inList = 2

/**
 * Checks and skips JSON (RFC 8259) in bytes that are known to be UTF-8. The bytes end with a zero byte, which JSON cannot
 * contain, so the loops need not check for the end. Nesting uses a stack of its own, so its depth is not limited.
 */
export class Scanner {
  bytes: Uint8Array = new Uint8Array(1)
  at = 0
  #stack = new Uint8Array(1024)

  space(): void {
    const { bytes } = this
    let { at } = this
    let byte = bytes[at]
    while (byte === 32 || byte === 10 || byte === 13 || byte === 9) byte = bytes[(at += 1)]
    this.at = at
  }

  /** Skips a text, from after its opening quote. Returns whether it has escapes. */
  text(): boolean {
    const { bytes } = this
    let { at } = this
    let escaped = false
    for (;;) {
      while (plain[bytes[at] ?? 0] === 1) at += 1
      const byte = bytes[at]
      if (byte === 0x22) break
      if (byte !== 0x5c) throw new NotJson()
      escaped = true
      at = this.#escape(at + 1)
    }
    this.at = at + 1
    return escaped
  }

  /** Skips a name, from its opening quote. Returns whether it has escapes. */
  name(): boolean {
    if (this.bytes[this.at] !== 0x22) throw new NotJson()
    this.at += 1
    return this.text()
  }

  colon(): void {
    if (this.bytes[this.at] !== 0x3a) this.space()
    if (this.bytes[this.at] !== 0x3a) throw new NotJson()
    this.at += 1
    this.space()
  }

  /** Skips any value, from its first byte. */
  skip(): void {
    let depth = 0
    for (;;) {
      const opened = this.#begin()
      if (opened !== 0) {
        if (depth === this.#stack.length) this.#grow()
        this.#stack[depth] = opened
        depth += 1
        continue
      }
      // After a value: its object or list continues or ends.
      for (;;) {
        if (depth === 0) return
        this.space()
        const within = this.#stack[depth - 1]
        const byte = this.bytes[this.at]
        this.at += 1
        if (byte === 0x2c) {
          this.space()
          if (within === inObject) {
            this.name()
            this.colon()
          }
          break
        }
        if (byte !== (within === inObject ? 0x7d : 0x5d)) throw new NotJson()
        depth -= 1
      }
    }
  }

  /** Skips a scalar or an empty object or list, or enters a non-empty one up to its first value. */
  #begin(): number {
    switch (this.bytes[this.at]) {
      case 0x22:
        this.at += 1
        this.text()
        return 0
      case 0x7b:
        this.at += 1
        this.space()
        if (this.bytes[this.at] === 0x7d) break
        this.name()
        this.colon()
        return inObject
      case 0x5b:
        this.at += 1
        this.space()
        if (this.bytes[this.at] === 0x5d) break
        return inList
      case 0x74:
        this.literal(0x72, 0x75, 0x65)
        return 0
      case 0x66:
        this.at += 1
        if (this.bytes[this.at] !== 0x61) throw new NotJson()
        this.literal(0x6c, 0x73, 0x65)
        return 0
      case 0x6e:
        this.literal(0x75, 0x6c, 0x6c)
        return 0
      case undefined:
      default:
        this.#number()
        return 0
    }
    this.at += 1
    return 0
  }

  /** Skips the current byte and the next three, which must be these. */
  literal(first: number, second: number, third: number): void {
    const { bytes, at } = this
    if (bytes[at + 1] !== first || bytes[at + 2] !== second || bytes[at + 3] !== third) throw new NotJson()
    this.at = at + 4
  }

  #number(): void {
    const { bytes } = this
    let { at } = this
    if (bytes[at] === 0x2d) at += 1
    if (bytes[at] === 0x30) at += 1
    else at = this.#digits(at)
    if (bytes[at] === 0x2e) at = this.#digits(at + 1)
    if (bytes[at] === 0x65 || bytes[at] === 0x45) {
      at += 1
      if (bytes[at] === 0x2b || bytes[at] === 0x2d) at += 1
      at = this.#digits(at)
    }
    this.at = at
  }

  #digits(from: number): number {
    const { bytes } = this
    let at = from
    while (isDigit(bytes[at])) at += 1
    if (at === from) throw new NotJson()
    return at
  }

  #escape(at: number): number {
    const { bytes } = this
    if (bytes[at] === 0x75) {
      for (let digit = 1; digit <= 4; digit += 1) if (!isHex(bytes[at + digit])) throw new NotJson()
      return at + 5
    }
    if (escapes[bytes[at] ?? 0] !== 1) throw new NotJson()
    return at + 1
  }

  #grow(): void {
    const larger = new Uint8Array(this.#stack.length * 2)
    larger.set(this.#stack)
    this.#stack = larger
  }
}
