import { hash } from 'node:crypto'
import { type PackedChange } from '../model/change.ts'
import { type TableDefinition } from '../stream/definition.ts'
import { addDigests, digestBytes } from './hash.ts'

/** Digests for no value: the column is null (or there is no row), or the event leaves the column unchanged. */
export const absent = -1
export const unset = -2
/** The digest of the row cell when the row exists. */
export const present = 1

/** One digest for the row itself, then one for each column that is not part of the key. */
export type Cells = Float64Array

/** The key of a row, and digests of what a change sets in it. */
export interface DigestedChange {
  /** The key's values, each preceded by its length. */
  readonly key: Buffer
  readonly cells: Cells
}

/** A key as it is printed: the first 12 bytes of its SHA-256, in hexadecimal. It is the same in every audit. */
export const keyHash = (key: Buffer): string => hash('sha256', key, 'hex').slice(0, 24)

/** Splits a key into its values. */
export const keyValues = (key: Buffer): Buffer[] => {
  const values: Buffer[] = []
  for (let at = 0; at < key.length;) {
    const end = at + 4 + key.readInt32BE(at)
    values.push(key.subarray(at + 4, end))
    at = end
  }
  return values
}

/** The reverse of keyValues(). */
export const keyOf = (values: readonly Buffer[]): Buffer =>
  Buffer.concat(
    values.flatMap(value => {
      const length = Buffer.alloc(4)
      length.writeInt32BE(value.length)
      return [length, value]
    }),
  )

/** Turns rows into digests, so that values can be compared without being kept. */
export class Digester {
  /** The column of each digest; the first is the row itself. */
  readonly names: readonly string[]
  readonly #seed: number
  readonly #columns: readonly string[]
  readonly #key: readonly string[]
  readonly #isMap: readonly boolean[]

  /** @param seed of 32 bits */
  constructor({ columns, partitionKey, clusteringKey }: TableDefinition, seed: number) {
    this.#seed = seed
    this.#columns = Object.keys(columns)
    this.#key = [...partitionKey, ...clusteringKey]
    const others = this.#columns.filter(name => !this.#key.includes(name))
    this.names = ['(row)', ...others]
    this.#isMap = this.names.map(name => columns[name]?.startsWith('map') === true)
  }

  /** The digests of a change. */
  ofChange(change: PackedChange): DigestedChange {
    const { kind, bytes, start, end } = change
    const cells = new Float64Array(this.names.length).fill(absent)
    if (kind === 'remove') return { key: Buffer.from(bytes.subarray(start, end)), cells }
    cells[0] = present
    const key: Buffer[] = []
    let at = start
    let cell = 1
    for (const name of this.#columns) {
      const length = bytes.readInt32BE(at)
      const place = this.#key.indexOf(name)
      if (place >= 0) key[place] = bytes.subarray(at, at + 4 + length)
      else {
        cells[cell] = length < 0 ? length : this.#digest(cell, bytes, at + 4, at + 4 + length)
        cell += 1
      }
      at += 4 + Math.max(0, length)
    }
    return { key: Buffer.concat(key), cells }
  }

  /** The digests of an existing row: the values of `names` after the first, in the encoding of the native protocol. */
  ofValues(values: readonly (Buffer | null)[]): Cells {
    const digest = (value: Buffer | null, index: number): number =>
      value === null ? absent : this.#digest(index + 1, value, 0, value.length)
    return Float64Array.from([present, ...values.map(digest)])
  }

  /** The digests of a row that does not exist. */
  ofNothing(): Cells {
    return new Float64Array(this.names.length).fill(absent)
  }

  #digest(cell: number, bytes: Buffer, from: number, to: number): number {
    return this.#isMap[cell] === true ? this.#ofMap(bytes, from) : digestBytes(this.#seed, bytes, from, to)
  }

  // The order of the entries does not matter. Cassandra returns an empty map as null.
  #ofMap(bytes: Buffer, from: number): number {
    const entries = bytes.readInt32BE(from)
    let sum = 0
    let at = from + 4
    for (let entry = 0; entry < entries; entry += 1) {
      const valueAt = at + 4 + bytes.readInt32BE(at)
      const end = valueAt + 4 + bytes.readInt32BE(valueAt)
      sum = addDigests(sum, digestBytes(this.#seed, bytes, at, end))
      at = end
    }
    return entries === 0 ? absent : sum
  }
}
