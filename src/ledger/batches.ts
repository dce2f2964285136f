import { type Accepted, type KafkaRecord } from '../model/record.ts'
import { covers } from './versions.ts'

/** Bounds of one batch, which may hold several versions of a row; a single one is a batch whatever its size. */
export interface BatchLimits {
  readonly rows: number
  readonly bytes: number
}

const sizeOf = ({ change: { start, end } }: Accepted): number => end - start

const byWriteTimestamp = (a: Accepted, b: Accepted): number => a.writeTimestamp - b.writeTimestamp

/**
 * Rows of one table partition, to be written together. While it waits for a writer it is open and grows; the writer
 * takes it and by that closes it. Of several versions of one row only those stand that a later one does not cover.
 */
export class Batch {
  readonly kind = 'batch'
  readonly partition: string
  readonly #rows = new Map<string, Accepted[]>()
  // Made when it is needed: most batches of many table partitions hold one row.
  #superseded: Map<Accepted, Accepted[]> | undefined
  #standing = 0
  #bytes = 0
  #close: () => void

  constructor(partition: string, close: () => void) {
    this.partition = partition
    this.#close = close
  }

  fits(bytes: number, limits: BatchLimits): boolean {
    return this.#standing === 0 || (this.#standing < limits.rows && this.#bytes + bytes <= limits.bytes)
  }

  add(version: Accepted): void {
    const { row } = version.change
    this.#bytes += sizeOf(version)
    const earlier = this.#rows.get(row)
    const standing = earlier === undefined ? [version] : this.#collapse(earlier, version)
    this.#rows.set(row, standing)
    this.#standing += standing.length - (earlier?.length ?? 0)
  }

  /** Closes the batch: rows that come from now on open another. */
  take(): this {
    this.#close()
    return this
  }

  /** The versions to write, those of one row in the order of their write timestamps. */
  get versions(): Accepted[] {
    const versions: Accepted[] = []
    for (const standing of this.#rows.values()) versions.push(...standing)
    return versions
  }

  /**
   * The versions that need no write of their own once `version` is written, oldest first; they count as done only then,
   * and if `version` is refused, they are to be written instead.
   */
  supersededBy(version: Accepted): readonly Accepted[] {
    return this.#superseded?.get(version) ?? []
  }

  /** The records of all versions, at any depth, that are done once these are written. */
  recordsSupersededBy(versions: readonly Accepted[]): KafkaRecord[] {
    if (this.#superseded === undefined) return []
    const superseded = versions.flatMap(version => this.supersededBy(version))
    // The list grows under the loop: a hot key's thousands of versions, each superseded by the next, would overflow a stack.
    for (const version of superseded) superseded.push(...this.supersededBy(version))
    return superseded.map(({ record }) => record)
  }

  // With timestamps of the events' own a version may come late: the order of the timestamps decides, not of arrival.
  #collapse(earlier: readonly Accepted[], version: Accepted): Accepted[] {
    const ordered = [...earlier, version].sort(byWriteTimestamp)
    const standing: Accepted[] = []
    for (const next of ordered) {
      while (standing.length > 0) {
        const last = standing.at(-1)
        if (last === undefined || !covers(next.change, last.change)) break
        standing.pop()
        this.#superseded ??= new Map()
        this.#superseded.set(next, [last, ...this.supersededBy(next)].sort(byWriteTimestamp))
      }
      standing.push(next)
    }
    return standing
  }
}

/** The batches that wait for a writer, at most one open for each table partition. */
export class OpenBatches {
  readonly #limits: BatchLimits
  readonly #open = new Map<string, Batch>()

  constructor(limits: BatchLimits) {
    this.#limits = limits
  }

  /** Puts the version into the open batch of its table partition; gives a batch back if one was opened for it. */
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
