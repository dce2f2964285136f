import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'

export const bucketCount = 256

const bufferBytes = 16_384
const readBytes = 1_048_576

/**
 * Entries on disk, in one file for each bucket. The files are unlinked as soon as they are open, so nothing is left of them
 * however the process ends. Before that, only this user can open them.
 */
export class Spill {
  /** The folder whose file system holds the files; it needs enough free space. */
  readonly parent: string
  readonly #files: readonly number[]
  readonly #buffers: readonly Buffer[]
  readonly #filled = new Uint32Array(bucketCount)
  readonly #bytes = new Float64Array(bucketCount)

  /** @throws what node:fs throws */
  constructor(parent: string) {
    this.parent = parent
    const folder = mkdtempSync(join(parent, 'sunbird-audit-'))
    try {
      this.#files = Array.from({ length: bucketCount }, (_, bucket) =>
        openSync(join(folder, `${bucket}`), 'wx+', 0o600),
      )
    } finally {
      rmSync(folder, { recursive: true })
    }
    this.#buffers = Array.from({ length: bucketCount }, () => Buffer.allocUnsafe(bufferBytes))
  }

  append(bucket: number, entry: Buffer): void {
    const size = 4 + entry.length
    this.#bytes[bucket] = this.bytesOf(bucket) + size
    if ((this.#filled[bucket] ?? 0) + size > bufferBytes) this.#flush(bucket)
    if (size > bufferBytes) {
      const length = Buffer.alloc(4)
      length.writeUInt32BE(entry.length)
      this.#write(bucket, Buffer.concat([length, entry]))
      return
    }
    const buffer = this.#buffers[bucket]
    const at = this.#filled[bucket] ?? 0
    if (buffer === undefined) throw new RangeError(`there is no bucket ${bucket}`)
    buffer.writeUInt32BE(entry.length, at)
    entry.copy(buffer, at + 4)
    this.#filled[bucket] = at + size
  }

  /** The entries of a bucket in the order in which they were appended. Each is valid until the next one is taken. */
  *entries(bucket: number): Generator<Buffer> {
    this.#flush(bucket)
    const file = this.#files[bucket] ?? -1
    let rest = Buffer.alloc(0)
    const size = Math.min(readBytes, this.bytesOf(bucket))
    let chunk = Buffer.allocUnsafe(size)
    for (let position = 0; ;) {
      const count = readSync(file, chunk, 0, chunk.length, position)
      if (count === 0) break
      position += count
      const bytes = rest.length === 0 ? chunk.subarray(0, count) : Buffer.concat([rest, chunk.subarray(0, count)])
      let at = 0
      while (at + 4 <= bytes.length) {
        const end = at + 4 + bytes.readUInt32BE(at)
        if (end > bytes.length) break
        yield bytes.subarray(at + 4, end)
        at = end
      }
      rest = Buffer.from(bytes.subarray(at))
      chunk = Buffer.allocUnsafe(size)
    }
    if (rest.length > 0) throw new Error('a temporary file of the audit is truncated')
  }

  /** The size of a bucket. */
  bytesOf(bucket: number): number {
    return this.#bytes[bucket] ?? 0
  }

  close(): void {
    for (const file of this.#files) closeSync(file)
  }

  #flush(bucket: number): void {
    const filled = this.#filled[bucket] ?? 0
    this.#filled[bucket] = 0
    if (filled > 0) this.#write(bucket, this.#buffers[bucket]?.subarray(0, filled) ?? Buffer.alloc(0))
  }

  #write(bucket: number, bytes: Buffer): void {
    for (let at = 0; at < bytes.length;) at += writeSync(this.#files[bucket] ?? -1, bytes, at)
  }
}
