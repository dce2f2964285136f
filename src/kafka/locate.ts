import { catchError, defer, EMPTY, type Observable, repeat, takeWhile, throwError, timer } from 'rxjs'
import { Fault } from '../model/faults.ts'
import { delayMs, persistently, type Retrying } from '../operators/retry.ts'
import { faultOf } from './faults.ts'
import { type Bounds, type Join, type Member } from './member.ts'
import { noLeader } from './cluster.ts'
import { type AutoOffsetReset, hasOffsets, pinOfTime, type Start, startOf, timeOfPin } from './positions.ts'

/** Results of the search for positions. */
export interface LocateEvents {
  /** Called once, first: the group has a start, so whatever is published from now on is read. */
  begun(): void
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

// By default producers retry for two minutes, so what they could not send is older than the pin.
const pinMarginMs = 120_000

const leaderPins = new Fault('transient', 'the group leader has not committed the first offsets of the group yet')

interface Found {
  readonly partition: number
  readonly bounds: Bounds | undefined
  /** For a partition that is pinned to a time: where that time starts. */
  readonly since?: number | undefined
  /** Why the bounds are unknown. */
  readonly why: string
  readonly error?: Fault
}

const find = async (member: Member, partition: number, committed: number): Promise<Found> => {
  const time = timeOfPin(committed)
  try {
    const bounds = await member.bounds(partition)
    if (bounds === undefined || time === undefined) return { partition, bounds, why: noLeader }
    return { partition, bounds, since: (await member.offsetAt(partition, time)) ?? bounds.high, why: noLeader }
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
 * partition without a leader waits alone. An assignment with a fault is never read: the fault is reported until the search is
 * unsubscribed. Completes when all positions are known.
 */
export const locate = (
  { member, offsetReset, events, retrying }: Locating,
  { partitions, isLeader, fault, commit }: Pick<Join, 'partitions' | 'isLeader' | 'fault' | 'commit'>,
): Observable<unknown> => {
  const missing = new Set(partitions)
  let hasBegun = false

  /** Only the group leader pins the partitions, because each member would look up the ends at another time. */
  const pinned = async (): Promise<ReadonlyMap<number, number>> => {
    const committed = await member.committed()
    if (offsetReset === 'earliest' || hasOffsets(committed)) return committed
    if (!isLeader) throw leaderPins
    const time = pinOfTime(retrying.clock.now() - pinMarginMs)
    const pins: { partition: number; offset: number }[] = []
    for (const partition of committed.keys()) {
      pins.push({ partition, offset: (await member.bounds(partition))?.high ?? time })
    }
    if (pins.length > 0) await commit(pins)
    return new Map(pins.map(({ partition, offset }) => [partition, offset]))
  }

  const attempt = async (): Promise<void> => {
    if (fault !== undefined) throw fault
    const committed = await pinned()
    if (!hasBegun) events.begun()
    hasBegun = true
    const offsetOf = (partition: number): number => committed.get(partition) ?? -1
    const found = await Promise.all([...missing].map(partition => find(member, partition, offsetOf(partition))))
    const unanswered = found.find(({ error }) => error !== undefined)
    if (unanswered?.error !== undefined && found.every(({ error }) => error !== undefined)) throw unanswered.error
    const starts = found.flatMap(({ partition, bounds, since }) => {
      if (bounds === undefined) return []
      const known = { partition, committed: offsetOf(partition), ...bounds }
      // Other partitions have offsets, so this one was added later, and nothing of it has been read.
      const start: Start = since === undefined ? startOf(known, 'earliest') : { offset: since }
      return [{ ...known, start, isPinned: known.committed !== -1 && since === undefined }]
    })
    const pins = starts.filter(({ isPinned }) => !isPinned)
    if (pins.length > 0) await commit(pins.map(({ partition, start }) => ({ partition, offset: start.offset })))
    for (const { partition, bounds, why } of found) {
      if (bounds === undefined) events.unavailable(partition, Math.max(-1, offsetOf(partition)), why)
    }
    for (const { partition, start, high } of starts) {
      missing.delete(partition)
      events.located(partition, start, high)
    }
  }

  const nothing = defer(() => {
    events.begun()
    return EMPTY
  })

  return partitions.length === 0 && fault === undefined
    ? nothing
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
    const { bounds, why } = await find(member, partition, position)
    if (bounds === undefined) events.unavailable(partition, position, why)
    else events.located(partition, startOf({ partition, committed: position, ...bounds }, 'earliest'), bounds.high)
    return bounds
  }).pipe(
    repeat({ delay: count => later(retrying, count) }),
    takeWhile(bounds => bounds === undefined),
  )
