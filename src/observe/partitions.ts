/** The position in one assigned partition. */
export interface PartitionState {
  readonly partition: number
  /** The next offset to read; undefined until it is known. */
  readonly position: number | undefined
  /** The offset after the last readable record; undefined until it is known. */
  readonly end: number | undefined
}

/** Records of the partition that have not been read yet; undefined while it is not known. */
export const lagOf = ({ position, end }: PartitionState): number | undefined =>
  position === undefined || end === undefined ? undefined : Math.max(0, end - position)

/** Why one partition waits while the others continue; `offset` is negative if it is not known. */
export interface WaitingPartition {
  readonly offset: number
  readonly why: string
}

/** The partitions assigned to this worker. */
export class Partitions {
  readonly waiting = new Map<number, WaitingPartition>()
  readonly #states = new Map<number, PartitionState>()

  assigned(partitions: readonly number[]): void {
    this.#states.clear()
    for (const partition of partitions) this.#states.set(partition, { partition, position: undefined, end: undefined })
  }

  waits(partition: number, offset: number, why: string): void {
    this.waiting.set(partition, { offset, why })
  }

  goesOn(partition: number): void {
    this.waiting.delete(partition)
  }

  /** A partition has been read up to `position`, and ended at `end`. */
  reached(partition: number, position: number, end: number): void {
    if (this.#states.has(partition)) this.#states.set(partition, { partition, position, end })
  }

  /** The current ends of partitions; those that are not assigned are ignored. */
  ended(ends: ReadonlyMap<number, number>): void {
    for (const state of this.#states.values()) {
      const end = ends.get(state.partition)
      if (end !== undefined) this.#states.set(state.partition, { ...state, end })
    }
  }

  get states(): PartitionState[] {
    return [...this.#states.values()].sort((a, b) => a.partition - b.partition)
  }

  /** Records that could be read now, without those of waiting partitions. */
  get readable(): number {
    return this.states.reduce((sum, state) => sum + (this.waiting.has(state.partition) ? 0 : (lagOf(state) ?? 0)), 0)
  }

  get lag(): number {
    return this.states.reduce((sum, state) => sum + (lagOf(state) ?? 0), 0)
  }
}
