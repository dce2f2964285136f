import { type FetchedMessage } from './fetch/fetched.ts'
import { type Batches, type Fetched } from './member.ts'

/** A decoded record batch that is being delivered. */
export interface Ready {
  readonly messages: readonly FetchedMessage[]
  /** Index of the next message. */
  next: number
  /** Where the partition goes on behind the record batch. */
  readonly nextOffset: number
}

/** One partition of an assignment. */
export interface Lane {
  readonly partition: number
  /** The offset that is read next; undefined until it is known. */
  position: number | undefined
  /** How many records were delivered in this assignment. */
  sequence: number
  /** Where the partition ended when that was last heard. */
  end: number
  /** Whether a fetch is under way. */
  asked: boolean
  /** It is not fetched before; a time of `elapsed`. */
  notBefore: number
  /** What was fetched and is not decoded yet. */
  batches: Batches | undefined
  ready: Ready | undefined
}

export const newLane = (partition: number): Lane => ({
  partition,
  position: undefined,
  sequence: 0,
  end: 0,
  asked: false,
  notBefore: -Infinity,
  batches: undefined,
  ready: undefined,
})

/** Whether something fetched is not delivered yet. */
export const isFull = ({ batches, ready }: Lane): boolean => batches !== undefined || ready !== undefined

/** OFFSET_OUT_OF_RANGE in the protocol's table of errors. */
const offsetOutOfRange = 1

/**
 * - `take`: it was fetched from where the partition is to be read next;
 * - `later`: it was not, or brought an error that passes: it is dropped and fetched again;
 * - `locate`: there is nothing at this position, another one has to be found;
 * - `not-ours`: the partition is not assigned to us.
 */
export type Verdict = 'take' | 'later' | 'locate' | 'not-ours'

/** What to do with a fetch, whatever it holds: records, control records only, nothing, or an error. */
export const judge = (
  lane: Pick<Lane, 'position' | 'batches' | 'ready'> | undefined,
  { fetchOffset, errorCode }: Pick<Fetched, 'fetchOffset' | 'errorCode'>,
): Verdict => {
  if (lane === undefined) return 'not-ours'
  if (lane.position !== fetchOffset || lane.batches !== undefined || lane.ready !== undefined) return 'later'
  if (errorCode === offsetOutOfRange) return 'locate'
  return errorCode === 0 ? 'take' : 'later'
}
