// Each takes at least 16 bytes.
const most = 1_000_000

/** The offsets of events that became dead letters because the table refused their row. */
export class RefusedRows {
  readonly #partitions = new Map<number, Set<number>>()
  #count = 0

  /** Returns false if there is no room for another. */
  add(partition: number, offset: number): boolean {
    if (this.#count === most) return false
    this.#count += 1
    const offsets = this.#partitions.get(partition) ?? new Set<number>()
    this.#partitions.set(partition, offsets.add(offset))
    return true
  }

  has(partition: number, offset: number): boolean {
    return this.#partitions.get(partition)?.has(offset) === true
  }
}
