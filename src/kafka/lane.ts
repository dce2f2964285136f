import { type FetchedMessage } from './fetch/fetched.ts'
import { type Batches, type Fetched } from './member.ts'

/** A decoded record batch that is being delivered. */
export interface Ready {
  readonly messages: readonly FetchedMessage[]
  /** Index of the next message. */
  next: number
  /** The offset after the record batch. */
  readonly nextOffset: number
}

/** One partition of an assignment. */
export interface Lane {
  readonly partition: number
  /** The next offset to read; undefined until it is known. */
  position: number | undefined
  /** The number of records delivered in this assignment. */
  sequence: number
  /** The last known end of the partition. */
  end: number
  /** Whether a fetch is pending. */
  isPending: boolean
  /** The earliest time of the next fetch; a time of `elapsed`. */
  notBefore: number
  /** Data that has been fetched but not decoded. */
  batches: Batches | undefined
  ready: Ready | undefined
}

export const newLane = (partition: number): Lane => ({
  partition,
  position: undefined,
  sequence: 0,
  end: 0,
  isPending: false,
  notBefore: -Infinity,
  batches: undefined,
  ready: undefined,
})

/** Whether there is undelivered data. */
export const isFull = ({ batches, ready }: Lane): boolean => batches !== undefined || ready !== undefined

/** OFFSET_OUT_OF_RANGE in the protocol's table of errors. */
const offsetOutOfRange = 1

/**
 * - `take`: the response starts at the partition's next offset
 * - `later`: it does not, or it has a transient error; drop it and fetch again
 * - `locate`: the offset is out of range; look up another one
 * - `not-ours`: the partition is not assigned to this worker
 */
export type Verdict = 'take' | 'later' | 'locate' | 'not-ours'

/** What to do with a response, whether it has records, only control records, nothing, or an error. */
export const judge = (
  lane: Pick<Lane, 'position' | 'batches' | 'ready'> | undefined,
  { fetchOffset, errorCode }: Pick<Fetched, 'fetchOffset' | 'errorCode'>,
): Verdict => {
  if (lane === undefined) return 'not-ours'
  if (lane.position !== fetchOffset || lane.batches !== undefined || lane.ready !== undefined) return 'later'
  if (errorCode === offsetOutOfRange) return 'locate'
  return errorCode === 0 ? 'take' : 'later'
}
