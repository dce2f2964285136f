import { type Accepted, type KafkaRecord } from '../record.ts'
import { type Change, type TableDefinition } from '../stream.ts'
import { covers, rowKey } from './versions.ts'

/** Bounds of one batch; a single row is a batch whatever its size. */
export interface BatchLimits {
  readonly rows: number
  readonly bytes: number
}

/**
 * Rows of one table partition, to be written together. While it waits for a writer it is open and grows; the writer
 * takes it and by that closes it. Of several versions of one row only those stand that a later one does not cover.
 */
export class Batch {
  readonly kind = 'batch'
  readonly partition: string
  readonly #rows = new Map<string, Accepted[]>()
  readonly #superseded = new Map<Accepted, Accepted[]>()
  #bytes = 0
  #close: () => void

  constructor(partition: string, close: () => void) {
    this.partition = partition
    this.#close = close
  }

  fits(bytes: number, limits: BatchLimits): boolean {
    return this.#rows.size === 0 || (this.#rows.size < limits.rows && this.#bytes + bytes <= limits.bytes)
  }

  add(definition: TableDefinition, row: string, version: Accepted, bytes: number): void {
    this.#bytes += bytes
    const earlier = this.#rows.get(row)
    if (earlier === undefined) this.#rows.set(row, [version])
    else this.#rows.set(row, this.#collapse(definition, earlier, version))
  }

  /** Closes the batch: rows that come from now on open another. */
  take(): this {
    this.#close()
    return this
  }

  /** The versions to write, those of one row in the order of their write timestamps. */
  get versions(): Accepted[] {
    return [...this.#rows.values()].flat()
  }

  /**
   * The versions that need no write of their own once `version` is written, oldest first; they count as done only then,
   * and if `version` is refused, they are to be written instead.
   */
  supersededBy(version: Accepted): readonly Accepted[] {
    return this.#superseded.get(version) ?? []
  }

  /** The records of all versions, at any depth, that are done once these are written. */
  recordsSupersededBy(versions: readonly Accepted[]): KafkaRecord[] {
    if (this.#superseded.size === 0) return []
    return versions.flatMap(version => {
      const superseded = this.supersededBy(version)
      return [...superseded.map(({ record }) => record), ...this.recordsSupersededBy(superseded)]
    })
  }

  // With timestamps of the events' own a version may come late: the order of the timestamps decides, not of arrival.
  #collapse(definition: TableDefinition, earlier: readonly Accepted[], version: Accepted): Accepted[] {
    const ordered = [...earlier, version].sort((a, b) => a.writeTimestamp - b.writeTimestamp)
    const standing: Accepted[] = []
    for (const next of ordered) {
      while (standing.length > 0) {
        const last = standing.at(-1)
        if (last === undefined || !covers(definition, next.change, last.change)) break
        standing.pop()
        this.#superseded.set(next, [last, ...this.supersededBy(next)])
      }
      standing.push(next)
    }
    return standing
  }
}

/** About how many bytes the change's values take. */
export const sizeOf = (change: Change): number => {
  let bytes = 0
  for (const value of Object.values<unknown>(change.kind === 'upsert' ? change.row : change.key)) {
    if (typeof value === 'string') bytes += value.length
    else if (value instanceof Map)
      for (const [key, text] of value as Map<string, string>) bytes += key.length + text.length
    else bytes += 8
  }
  return bytes
}

/** The batches that wait for a writer, at most one open for each table partition. */
export class OpenBatches {
  readonly #definition: TableDefinition
  readonly #limits: BatchLimits
  readonly #open = new Map<string, Batch>()

  constructor(definition: TableDefinition, limits: BatchLimits) {
    this.#definition = definition
    this.#limits = limits
  }

  /** Puts the version into the open batch of its table partition; gives a batch back if one was opened for it. */
  add(version: Accepted): Batch | undefined {
    const { partition, row } = rowKey(this.#definition, version.change)
    const bytes = sizeOf(version.change)
    const open = this.#open.get(partition)
    if (open?.fits(bytes, this.#limits) === true) {
      open.add(this.#definition, row, version, bytes)
      return undefined
    }
    const opened: Batch = new Batch(partition, () => {
      if (this.#open.get(partition) === opened) this.#open.delete(partition)
    })
    opened.add(this.#definition, row, version, bytes)
    this.#open.set(partition, opened)
    return opened
  }
}
