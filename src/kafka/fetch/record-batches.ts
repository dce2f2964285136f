import { crc32c } from '@node-rs/crc32'
import { AbortedTransactions } from './aborted-transactions.ts'
import { batchHeader, type BatchHeader, crcFrom, recordsFrom } from './batch-header.ts'
import { Malformed } from './bytes-reader.ts'
import { decompress } from './decompress.ts'
import { type FetchedMessage, type FetchedPartition, type Taken } from './fetched.ts'
import { magicOf, wholeSize } from './framing.ts'
import { readMessages } from './message-set.ts'
import { readRecords } from './records.ts'

const noContent = Buffer.alloc(0)

interface Content {
  readonly messages: readonly FetchedMessage[]
  readonly lastOffset: number
}

/** The key of a marker is its version and its type, 2 bytes each. Type 0 is an abort. */
const isAbortMarker = (marker: FetchedMessage | undefined): boolean => {
  const key = marker?.key
  return key?.length === 4 && key.readInt16BE(2) === 0
}

/** The record batches of one fetch, decoded one at a time. */
export class RecordBatches {
  readonly #aborted: AbortedTransactions
  readonly #highWatermark: number
  #rest: Buffer
  #nextOffset: number

  /** @param fetchOffset the offset of the fetch; the first record batch may start before it */
  constructor({ records, abortedTransactions, highWatermark }: FetchedPartition, fetchOffset: number) {
    this.#aborted = new AbortedTransactions(abortedTransactions)
    this.#highWatermark = highWatermark
    this.#rest = records
    this.#nextOffset = fetchOffset
  }

  /** Whether no complete record batch is left. */
  get isEmpty(): boolean {
    return this.#rest.length === 0
  }

  /** Undecoded bytes. */
  get bytesLeft(): number {
    return this.#rest.length
  }

  /** The next record batch; undefined if no complete one is left. It does not skip one that cannot be decoded. */
  async take(): Promise<Taken | undefined> {
    if (this.isEmpty) return undefined
    const size = wholeSize(this.#rest)
    const batch = this.#rest.subarray(0, size)
    try {
      // Only the first: the broker sends it whole or not at all. A cut batch after another one is dropped below.
      if (size === undefined) throw new Malformed(`cut off after ${this.#rest.length} bytes`)
      const { messages, lastOffset } = await this.#read(batch)
      const from = this.#nextOffset
      this.#nextOffset = Math.max(from, lastOffset + 1)
      this.#stepOver(size)
      return {
        kind: 'records',
        messages: messages.filter(({ offset }) => offset >= from),
        nextOffset: this.#nextOffset,
      }
    } catch (error) {
      if (!(error instanceof Malformed)) throw error
      return { kind: 'undecodable', ...this.#extentOf(batch), why: error.message, raw: batch }
    }
  }

  #stepOver(size: number): void {
    const rest = this.#rest.subarray(size)
    this.#rest = wholeSize(rest) === undefined ? rest.subarray(0, 0) : rest
  }

  async #read(batch: Buffer): Promise<Content> {
    const magic = magicOf(batch)
    if (magic === 0 || magic === 1) {
      return { messages: await readMessages(batch), lastOffset: Number(batch.readBigInt64BE(0)) }
    }
    if (magic !== 2) throw new Malformed(`record format ${magic} is not known`)
    if (batch.length < recordsFrom) throw new Malformed('shorter than its header')
    const header = batchHeader(batch)
    if (crc32c(batch.subarray(crcFrom)) !== header.crc) throw new Malformed('the checksum is wrong')
    return { messages: await this.#messagesOf(header, batch), lastOffset: header.lastOffset }
  }

  async #messagesOf(header: BatchHeader, batch: Buffer): Promise<readonly FetchedMessage[]> {
    if (this.#aborted.covers(header)) return []
    if (header.isControl && !this.#aborted.isOpen(header.producerId)) return []
    const content = header.count > 0 ? await decompress(header.compression, batch.subarray(recordsFrom)) : noContent
    const messages = readRecords(content, header)
    if (!header.isControl) return messages
    if (isAbortMarker(messages[0])) this.#aborted.end(header.producerId)
    return []
  }

  /** The offsets of a record batch that may be corrupt. If they are impossible, the batch counts as one offset. */
  #extentOf(batch: Buffer): { offset: number; lastOffset: number } {
    const next = this.#nextOffset
    if (batch.length < recordsFrom) return { offset: next, lastOffset: next }
    const header = batchHeader(batch)
    const isBatch = magicOf(batch) === 2
    const last = isBatch ? header.lastOffset : header.baseOffset
    const first = isBatch ? Math.max(next, header.baseOffset) : next
    return first <= last && last < this.#highWatermark
      ? { offset: first, lastOffset: last }
      : { offset: next, lastOffset: next }
  }
}
