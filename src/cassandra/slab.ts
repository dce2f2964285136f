import { type Text } from '../stream/text.ts'

const slabBytes = 262_144

// For longer texts the native copy is faster. For shorter ones its call costs more than the loop.
const longestCopied = 48

/** The bytes of a row in a slab. */
export interface Packed {
  readonly bytes: Buffer
  readonly start: number
  readonly end: number
}

/**
 * A buffer for many rows, so that thousands of waiting rows are a few large buffers instead of many small ones. A full slab is
 * kept only by its rows.
 */
export class Slab {
  #bytes = Buffer.allocUnsafeSlow(slabBytes)
  #start = 0
  #at = 0

  /** Starts a row, and drops an unfinished one. */
  begin(): void {
    this.#start = this.#at
  }

  /** The bytes written since `begin`. */
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

  /** Writes a text after its length. */
  string(value: string | Text): void {
    if (typeof value === 'string') this.#encode(value)
    else this.#copy(value)
  }

  /** Starts a value of unknown length. Returns the mark for `close`. */
  open(): number {
    const mark = this.#at - this.#start
    this.int(0)
    return mark
  }

  /** Writes the length of the value that was started with `open`. */
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
    // UTF-8 needs at most three bytes for each UTF-16 code unit.
    this.#makeRoom(4 + 3 * string.length)
    const at = this.#at + 4
    const length = this.#copyAscii(string, at) ? string.length : this.#bytes.write(string, at, 'utf8')
    this.#writeInt(length, this.#at)
    this.#at = at + length
  }

  /** Writes a short ASCII text. Returns false if it is not one; the bytes must then be overwritten. */
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

  /** Starts a new slab, and moves the current row to it. */
  #renew(length: number): void {
    const written = this.#at - this.#start
    const slab = Buffer.allocUnsafeSlow(Math.max(slabBytes, 2 * (written + length)))
    this.#bytes.copy(slab, 0, this.#start, this.#at)
    this.#bytes = slab
    this.#start = 0
    this.#at = written
  }
}
