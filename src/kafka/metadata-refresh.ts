import { type Cluster } from './cluster.ts'

/** How old the metadata of a topic may be, in milliseconds: new partitions and leaders are known after it. */
export const metadataMs = 60_000
const incompleteMs = 1_000

/** Reads the metadata anew when they are old; each second while a partition has no leader. */
export class MetadataRefresh {
  isIncomplete = false
  readonly #elapsed: () => number
  #at: number

  /** @param elapsed milliseconds that only grow */
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
