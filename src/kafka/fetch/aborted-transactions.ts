import { type BatchHeader } from './batch-header.ts'
import { type AbortedTransaction } from './fetched.ts'

/**
 * Finds the record batches of a fetch that belong to an aborted transaction: from its first offset to the producer's abort
 * marker. Must be called for every batch, in order.
 */
export class AbortedTransactions {
  readonly #ahead: AbortedTransaction[]
  readonly #open = new Set<bigint>()

  constructor(transactions: readonly AbortedTransaction[]) {
    this.#ahead = [...transactions].sort((a, b) => b.firstOffset - a.firstOffset)
  }

  /** Whether to drop its records. Uses the last offset, because the first one may be compacted away. */
  covers({ lastOffset, producerId, isTransactional, isControl }: BatchHeader): boolean {
    for (
      let next = this.#ahead.at(-1);
      next !== undefined && next.firstOffset <= lastOffset;
      next = this.#ahead.at(-1)
    ) {
      this.#open.add(next.producerId)
      this.#ahead.pop()
    }
    return isTransactional && !isControl && this.#open.has(producerId)
  }

  /** Whether a control batch of this producer may end an aborted transaction. */
  isOpen(producerId: bigint): boolean {
    return this.#open.has(producerId)
  }

  /** The abort marker has been read. */
  end(producerId: bigint): void {
    this.#open.delete(producerId)
  }
}
