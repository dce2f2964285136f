import { catchError, defer, EMPTY, type Observable, repeat, takeWhile, throwError, timer } from 'rxjs'
import { Fault } from '../model/faults.ts'
import { delayMs, persistently, type Retrying } from '../operators/retry.ts'
import { faultOf } from './faults.ts'
import { type Bounds, type Join, type Member } from './member.ts'
import { type AutoOffsetReset, hasOffsets, type Start, startOf } from './positions.ts'

/** Results of the search for positions. */
export interface LocateEvents {
  located(partition: number, start: Start, end: number): void
  /** The partition has to wait, and continues at `committed`; negative without an offset. */
  unavailable(partition: number, committed: number, why: string): void
}

/** Everything that a search for positions needs. */
export interface Locating {
  readonly member: Member
  readonly offsetReset: AutoOffsetReset
  readonly events: LocateEvents
  readonly retrying: Retrying
}

export const noLeader = 'the partition has no leader'

const leaderPins = new Fault('transient', 'the group leader has not committed the first offsets of the group yet')

interface Found {
  readonly partition: number
  readonly bounds: Bounds | undefined
  /** Why the bounds are unknown. */
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
 * Finds the position of each partition of an assignment. For partitions without a committed offset it commits one first:
 * otherwise a group that starts at the end would start at a later end after each crash. It retries while Kafka fails; a
 * partition without a leader waits alone. Completes when all positions are known.
 */
export const locate = (
  { member, offsetReset, events, retrying }: Locating,
  { partitions, isLeader, commit }: Pick<Join, 'partitions' | 'isLeader' | 'commit'>,
): Observable<unknown> => {
  const missing = new Set(partitions)

  /** Only the group leader looks up the ends, because each member would do so at another time. */
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
      // Other partitions have offsets, so this one was added later, and nothing of it has been read.
      return [{ ...known, start: startOf(known, 'earliest') }]
    })
    const pins = starts.filter(known => known.committed === -1)
    if (pins.length > 0) await commit(pins.map(({ partition, start }) => ({ partition, offset: start.offset })))
    for (const { partition, bounds, why } of found) {
      if (bounds === undefined) events.unavailable(partition, committed.get(partition) ?? -1, why)
    }
    for (const { partition, start, high } of starts) {
      missing.delete(partition)
      events.located(partition, start, high)
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

/** The same for one partition whose position is out of range. */
export const locateAnew = (
  { member, events, retrying }: Locating,
  partition: number,
  position: number,
): Observable<unknown> =>
  defer(async () => {
    const { bounds, why } = await boundsOf(member, partition)
    if (bounds === undefined) events.unavailable(partition, position, why)
    else events.located(partition, startOf({ partition, committed: position, ...bounds }, 'earliest'), bounds.high)
    return bounds
  }).pipe(
    repeat({ delay: count => later(retrying, count) }),
    takeWhile(bounds => bounds === undefined),
  )

/**
 * Checks once whether the group has committed an offset after `position`, where a record batch cannot be decoded: an operator
 * may have skipped it. Ignores faults, because the next check follows.
 */
export const lookForSkip = (
  { member, events }: Pick<Locating, 'member' | 'events'>,
  partition: number,
  position: number,
  end: number,
): Observable<unknown> =>
  defer(async () => {
    const committed = (await member.committed()).get(partition) ?? -1
    if (committed > position) events.located(partition, { offset: committed }, end)
  }).pipe(catchError((error: unknown) => (faultOf(error) instanceof Fault ? EMPTY : throwError(() => error))))
