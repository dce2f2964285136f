import { type CrashKind } from './faults.ts'

/**
 * Counts the crashes of the consumer. It may restart forever while brokers cannot be reached or the group rebalances. Refusals
 * add up until a fetch of every assigned partition has been answered.
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

  /** A fetch of this partition was answered, even without data, or the reason why it waits is known. */
  answered(partition: number): void {
    this.#crashes = 0
    if (this.#unanswered.delete(partition)) this.#settle()
  }

  /** Returns the number of crashes in a row; undefined after too many refusals. */
  crashed(kind: CrashKind): number | undefined {
    this.#crashes += 1
    if (kind === 'refused') this.#refusals += 1
    return this.#refusals > this.#maxRefusals ? undefined : this.#crashes
  }

  #settle(): void {
    if (this.#unanswered.size === 0) this.#refusals = 0
  }
}
