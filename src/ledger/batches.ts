import { type Accepted, type KafkaRecord } from '../model/record.ts'
import { covers } from './versions.ts'

/** The limits of one batch. A single version is a batch of its own, whatever its size. */
export interface BatchLimits {
  readonly rows: number
  readonly bytes: number
}

const sizeOf = ({ change: { start, end } }: Accepted): number => end - start

const byWriteTimestamp = (a: Accepted, b: Accepted): number => a.writeTimestamp - b.writeTimestamp

/**
 * Rows of one table partition that are written together. The batch grows until a writer takes it. Of several versions of a
 * row it keeps those that no later version covers.
 */
export class Batch {
  readonly kind = 'batch'
  readonly partition: string
  readonly #rows = new Map<string, Accepted[]>()
  // Created only when needed: with many table partitions most batches have one row.
  #superseded: Map<Accepted, Accepted[]> | undefined
  #count = 0
  #bytes = 0
  #close: () => void

  constructor(partition: string, close: () => void) {
    this.partition = partition
    this.#close = close
  }

  fits(bytes: number, limits: BatchLimits): boolean {
    return this.#count === 0 || (this.#count < limits.rows && this.#bytes + bytes <= limits.bytes)
  }

  add(version: Accepted): void {
    const { row } = version.change
    this.#bytes += sizeOf(version)
    const earlier = this.#rows.get(row)
    const kept = earlier === undefined ? [version] : this.#collapse(earlier, version)
    this.#rows.set(row, kept)
    this.#count += kept.length - (earlier?.length ?? 0)
  }

  /** Closes the batch: later rows go to another one. */
  take(): this {
    this.#close()
    return this
  }

  /** The versions to write; those of one row are in the order of their write timestamps. */
  get versions(): Accepted[] {
    const versions: Accepted[] = []
    for (const kept of this.#rows.values()) versions.push(...kept)
    return versions
  }

  /**
   * The versions that need no write once `version` is written, oldest first. They settle only then. If `version` is refused,
   * they are written in its place.
   */
  supersededBy(version: Accepted): readonly Accepted[] {
    return this.#superseded?.get(version) ?? []
  }

  /** The records of all versions, at any depth, that settle once these are written. */
  recordsSupersededBy(versions: readonly Accepted[]): KafkaRecord[] {
    if (this.#superseded === undefined) return []
    const superseded = versions.flatMap(version => this.supersededBy(version))
    // The loop extends its own list. Recursion would overflow the stack for a hot key with thousands of versions.
    for (const version of superseded) superseded.push(...this.supersededBy(version))
    return superseded.map(({ record }) => record)
  }

  // With event timestamps a version may arrive late. The order of the timestamps decides, not the order of arrival.
  #collapse(earlier: readonly Accepted[], version: Accepted): Accepted[] {
    const ordered = [...earlier, version].sort(byWriteTimestamp)
    const kept: Accepted[] = []
    for (const next of ordered) {
      while (kept.length > 0) {
        const last = kept.at(-1)
        if (last === undefined || !covers(next.change, last.change)) break
        kept.pop()
        this.#superseded ??= new Map()
        this.#superseded.set(next, [last, ...this.supersededBy(next)].sort(byWriteTimestamp))
      }
      kept.push(next)
    }
    return kept
  }
}

/** The batches that wait for a writer; at most one for each table partition is open. */
export class OpenBatches {
  readonly #limits: BatchLimits
  readonly #open = new Map<string, Batch>()

  constructor(limits: BatchLimits) {
    this.#limits = limits
  }

  /** Adds the version to the open batch of its table partition. Returns a batch if it had to open one. */
  add(version: Accepted): Batch | undefined {
    const { partition } = version.change
    const open = this.#open.get(partition)
    if (open?.fits(sizeOf(version), this.#limits) === true) {
      open.add(version)
      return undefined
    }
    const opened: Batch = new Batch(partition, () => {
      if (this.#open.get(partition) === opened) this.#open.delete(partition)
    })
    opened.add(version)
    this.#open.set(partition, opened)
    return opened
  }
}
