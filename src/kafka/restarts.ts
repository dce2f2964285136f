import { type CrashKind } from './faults.ts'

/**
 * Counts the crashes of the consumer. Brokers that cannot be reached are waited out however long it takes, and a group that
 * rebalances again and again is no fault. Refusals add up until every assigned partition has been answered.
 */
export class Restarts {
  readonly #maxRefusals: number
  readonly #unanswered = new Set<number>()
  #crashes = 0
  #refusals = 0

  constructor(maxRefusals: number) {
    this.#maxRefusals = maxRefusals
  }

  joined(partitions: readonly number[]): void {
    this.#unanswered.clear()
    for (const partition of partitions) this.#unanswered.add(partition)
    this.#settle()
  }

  /** A fetch of this partition was answered, also if it brought nothing; or it is known why the partition waits. */
  answered(partition: number): void {
    this.#crashes = 0
    if (this.#unanswered.delete(partition)) this.#settle()
  }

  /** Gives how many crashes there were in a row; undefined when the refusals are too many. */
  crashed(kind: CrashKind): number | undefined {
    this.#crashes += 1
    if (kind === 'refused') this.#refusals += 1
    return this.#refusals > this.#maxRefusals ? undefined : this.#crashes
  }

  #settle(): void {
    if (this.#unanswered.size === 0) this.#refusals = 0
  }
}
