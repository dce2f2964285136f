import { type Cluster } from './cluster.ts'

/** The maximum age of the metadata in milliseconds, after which new partitions and leaders are known. */
export const metadataMs = 60_000
const incompleteMs = 1_000

/** Refreshes the metadata when it is old, or every second while a partition has no leader. */
export class MetadataRefresh {
  isIncomplete = false
  readonly #elapsed: () => number
  #at: number

  /** @param elapsed milliseconds that never go back */
  constructor(elapsed: () => number) {
    this.#elapsed = elapsed
    this.#at = elapsed()
  }

  async refresh(cluster: Cluster): Promise<void> {
    const now = this.#elapsed()
    if (now - this.#at < (this.isIncomplete ? incompleteMs : metadataMs)) {
      await cluster.refreshMetadataIfNecessary()
      return
    }
    this.#at = now
    await cluster.refreshMetadata()
  }
}
