import { catchError, defer, EMPTY, type Observable, repeat, takeWhile, throwError, timer } from 'rxjs'
import { Fault } from '../model/faults.ts'
import { delayMs, persistently, type Retrying } from '../operators/retry.ts'
import { faultOf } from './faults.ts'
import { type Bounds, type Join, type Member } from './member.ts'
import { type AutoOffsetReset, hasOffsets, type Start, startOf } from './positions.ts'

/** Told where partitions are read from, and which cannot be. */
export interface Located {
  located(partition: number, start: Start, end: number): void
  /** The partition waits alone, to go on at `committed`; negative without an offset. */
  absent(partition: number, committed: number, why: string): void
}

/** What a search for positions works with. */
export interface Locating {
  readonly member: Member
  readonly offsetReset: AutoOffsetReset
  readonly told: Located
  readonly retrying: Retrying
}

export const noLeader = 'the partition has no leader'

const leaderPins = new Fault('transient', 'the leader of the group has not yet committed where a new group begins')

interface Found {
  readonly partition: number
  readonly bounds: Bounds | undefined
  /** Why the bounds are not known. */
  readonly why: string
  readonly error?: Fault
}

const boundsOf = async (member: Member, partition: number): Promise<Found> => {
  try {
    return { partition, bounds: await member.bounds(partition), why: noLeader }
  } catch (error) {
    const fault = faultOf(error)
    if (!(fault instanceof Fault)) throw error
    return { partition, bounds: undefined, why: fault.message, error: fault }
  }
}

const later = ({ backoff, clock, random }: Retrying, attempt: number): Observable<unknown> =>
  timer(delayMs(backoff, attempt, random), clock)

/**
 * Finds where each partition of an assignment is read from, and commits it for those without an offset before anything is
 * read: a group that begins at the end would else begin at a later end after each crash. Waits, as a member of the group,
 * while Kafka does not tell; a partition without a leader waits alone. Ends when all are found.
 */
export const locate = (
  { member, offsetReset, told, retrying }: Locating,
  { partitions, isLeader, commit }: Pick<Join, 'partitions' | 'isLeader' | 'commit'>,
): Observable<unknown> => {
  const missing = new Set(partitions)

  /** The leader alone finds the end of all partitions: each member for itself would find it at another time. */
  const pinned = async (): Promise<ReadonlyMap<number, number>> => {
    const committed = await member.committed()
    if (offsetReset === 'earliest' || hasOffsets(committed)) return committed
    if (!isLeader) throw leaderPins
    const ends: { partition: number; offset: number }[] = []
    for (const partition of committed.keys()) {
      const bounds = await member.bounds(partition)
      if (bounds !== undefined) ends.push({ partition, offset: bounds.high })
    }
    if (ends.length > 0) await commit(ends)
    return new Map([...committed, ...ends.map(({ partition, offset }) => [partition, offset] as const)])
  }

  const attempt = async (): Promise<void> => {
    const committed = await pinned()
    const found = await Promise.all([...missing].map(partition => boundsOf(member, partition)))
    const unanswered = found.find(({ error }) => error !== undefined)
    if (unanswered?.error !== undefined && found.every(({ error }) => error !== undefined)) throw unanswered.error
    const starts = found.flatMap(({ partition, bounds }) => {
      if (bounds === undefined) return []
      const known = { partition, committed: committed.get(partition) ?? -1, ...bounds }
      // A partition without an offset has come later than those that have one: nothing of it was ever read.
      return [{ ...known, start: startOf(known, 'earliest') }]
    })
    const pins = starts.filter(known => known.committed === -1)
    if (pins.length > 0) await commit(pins.map(({ partition, start }) => ({ partition, offset: start.offset })))
    for (const { partition, bounds, why } of found) {
      if (bounds === undefined) told.absent(partition, committed.get(partition) ?? -1, why)
    }
    for (const { partition, start, high } of starts) {
      missing.delete(partition)
      told.located(partition, start, high)
    }
  }

  return partitions.length === 0
    ? EMPTY
    : defer(attempt).pipe(
        catchError((error: unknown) => throwError(() => faultOf(error))),
        persistently(retrying),
        repeat({ delay: count => (missing.size === 0 ? EMPTY : later(retrying, count)) }),
      )
}

/** The same for one partition that has nothing at the position where it is read. */
export const locateAnew = (
  { member, told, retrying }: Locating,
  partition: number,
  position: number,
): Observable<unknown> =>
  defer(async () => {
    const { bounds, why } = await boundsOf(member, partition)
    if (bounds === undefined) told.absent(partition, position, why)
    else told.located(partition, startOf({ partition, committed: position, ...bounds }, 'earliest'), bounds.high)
    return bounds
  }).pipe(
    repeat({ delay: count => later(retrying, count) }),
    takeWhile(bounds => bounds === undefined),
  )

/**
 * Looks once whether the group has committed an offset behind `position`, where a record batch cannot be decoded: an
 * operator has stepped over it (`skip`). A fault is left to the next look.
 */
export const lookForSkip = (
  { member, told }: Pick<Locating, 'member' | 'told'>,
  partition: number,
  position: number,
  end: number,
): Observable<unknown> =>
  defer(async () => {
    const committed = (await member.committed()).get(partition) ?? -1
    if (committed > position) told.located(partition, { offset: committed }, end)
  }).pipe(catchError((error: unknown) => (faultOf(error) instanceof Fault ? EMPTY : throwError(() => error))))
