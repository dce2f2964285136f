import { type FetchedMessage, type Taken } from '../../src/kafka/fetch/fetched.ts'
import { type Batches, type Fetched } from '../../src/kafka/member.ts'

export const message = (offset: number, over: Partial<FetchedMessage> = {}): FetchedMessage => ({
  offset,
  timestamp: 1000 + offset,
  key: null,
  value: null,
  headers: {},
  bytes: 10,
  ...over,
})

/** Consecutive messages from offset `from` up to, but not including, `to`. */
export const messages = (from: number, to: number): FetchedMessage[] =>
  Array.from({ length: to - from }, (_, index) => message(from + index))

/** A record batch with the offsets from `from` up to, but not including, `to`. Without messages it has control records only. */
export const batch = (from: number, to: number, taken: readonly FetchedMessage[] = messages(from, to)): Taken => ({
  kind: 'records',
  messages: taken,
  nextOffset: to,
})

export const undecodable = (offset: number, lastOffset = offset): Taken => ({
  kind: 'undecodable',
  offset,
  lastOffset,
  why: 'cannot decompress',
  raw: Buffer.from('x'),
})

/** Like RecordBatches: does not advance past a batch that cannot be decoded. */
export class FakeBatches implements Batches {
  readonly #left: Taken[]
  readonly #bytesEach: number
  readonly #decoding: () => Promise<void>

  /** @param decoding runs when a batch is decoded */
  constructor(taken: readonly Taken[], bytesEach = 100, decoding: () => Promise<void> = () => Promise.resolve()) {
    this.#left = [...taken]
    this.#bytesEach = bytesEach
    this.#decoding = decoding
  }

  get isEmpty(): boolean {
    return this.#left.length === 0
  }

  get bytesLeft(): number {
    return this.#left.length * this.#bytesEach
  }

  async take(): Promise<Taken | undefined> {
    const [next] = this.#left
    await this.#decoding()
    if (next?.kind === 'records') this.#left.shift()
    return next
  }
}

/** The response to a fetch from `fetchOffset`; empty without batches. */
export const fetched = (
  partition: number,
  fetchOffset: number,
  taken: readonly Taken[] | Batches = [],
  { errorCode = 0, end = 1000 } = {},
): Fetched => ({
  partition,
  fetchOffset,
  errorCode,
  end,
  batches: Array.isArray(taken) ? new FakeBatches(taken) : (taken as Batches),
})
