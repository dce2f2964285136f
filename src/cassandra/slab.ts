import { type Text } from '../stream/text.ts'

const slabBytes = 262_144

// Of longer texts the native copy is faster, of shorter ones its call costs more than the loop.
const longestCopied = 48

/** A place in a slab, where a row's bytes are. */
export interface Packed {
  readonly bytes: Buffer
  readonly start: number
  readonly end: number
}

/**
 * Where rows are written one behind the other, so that thousands of them that wait are a few large buffers and no small
 * ones. A slab that is full is left to those whose rows are in it.
 */
export class Slab {
  #bytes = Buffer.allocUnsafeSlow(slabBytes)
  #start = 0
  #at = 0

  /** A row begins here; if one before it was not finished, its bytes are nobody's. */
  begin(): void {
    this.#start = this.#at
  }

  /** Where what was written since `begin` is. */
  get written(): Packed {
    return { bytes: this.#bytes, start: this.#start, end: this.#at }
  }

  int(value: number): void {
    this.#makeRoom(4)
    this.#writeInt(value, this.#at)
    this.#at += 4
  }

  byte(value: number): void {
    this.#makeRoom(1)
    this.#bytes[this.#at] = value
    this.#at += 1
  }

  /** A text with its length before it. */
  string(value: string | Text): void {
    if (typeof value === 'string') this.#encode(value)
    else this.#copy(value)
  }

  /** Begins a value whose length is known only at its end; gives the mark that `close` takes. */
  open(): number {
    const mark = this.#at - this.#start
    this.int(0)
    return mark
  }

  /** Writes the length of what was written since `open` before it. */
  close(mark: number): void {
    const from = this.#start + mark
    this.#writeInt(this.#at - from - 4, from)
  }

  #copy({ bytes, from, to }: Text): void {
    const length = to - from
    this.#makeRoom(4 + length)
    this.#writeInt(length, this.#at)
    const target = this.#bytes
    const at = this.#at + 4
    if (length > longestCopied) bytes.copy(target, at, from, to)
    else for (let index = 0; index < length; index += 1) target[at + index] = bytes[from + index] ?? 0
    this.#at = at + length
  }

  #encode(string: string): void {
    // UTF-8 takes at most three bytes for what a JavaScript string counts as one.
    this.#makeRoom(4 + 3 * string.length)
    const at = this.#at + 4
    const length = this.#copyAscii(string, at) ? string.length : this.#bytes.write(string, at, 'utf8')
    this.#writeInt(length, this.#at)
    this.#at = at + length
  }

  /** Writes a short text of ASCII alone; false when it is not, and what it wrote then is to be overwritten. */
  #copyAscii(string: string, at: number): boolean {
    if (string.length > longestCopied) return false
    const bytes = this.#bytes
    for (let index = 0; index < string.length; index += 1) {
      const code = string.charCodeAt(index)
      if (code > 127) return false
      bytes[at + index] = code
    }
    return true
  }

  #writeInt(value: number, at: number): void {
    const bytes = this.#bytes
    bytes[at] = value >>> 24
    bytes[at + 1] = value >>> 16
    bytes[at + 2] = value >>> 8
    bytes[at + 3] = value
  }

  #makeRoom(length: number): void {
    if (this.#at + length > this.#bytes.length) this.#renew(length)
  }

  /** A new slab, to which what is being written moves. */
  #renew(length: number): void {
    const written = this.#at - this.#start
    const slab = Buffer.allocUnsafeSlow(Math.max(slabBytes, 2 * (written + length)))
    this.#bytes.copy(slab, 0, this.#start, this.#at)
    this.#bytes = slab
    this.#start = 0
    this.#at = written
  }
}
