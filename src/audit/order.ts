import { type Version } from './version.ts'

/** Above 0 when `a` surely stands over `b`, below 0 the reverse, undefined when the topic does not tell. */
export type Order = (a: Version, b: Version) => number | undefined

// A producer's clock may be ahead of the worker's by as much.
const clockMargin = 60_000_000

const unlessEqual = (difference: number): number | undefined => (difference === 0 ? undefined : difference)

/**
 * By the moment at which the worker read them, which lies behind the record's own time: in its partition the later one
 * stands, between partitions the topic does not tell. A replayed event has the write timestamp of its first reading.
 */
export const byReading: Order = (a, b) => {
  if (a.isReplayed && b.isReplayed) return unlessEqual(a.time - b.time)
  if (a.isReplayed) return b.time > a.time + clockMargin ? -1 : undefined
  if (b.isReplayed) return a.time > b.time + clockMargin ? 1 : undefined
  return a.partition === b.partition ? unlessEqual(a.offset - b.offset) : undefined
}

/** By the events' own time; in one millisecond by the place in the partition. */
export const byEvent: Order = (a, b) => {
  if (a.time !== b.time) return a.time - b.time
  return a.partition === b.partition ? unlessEqual(a.offset - b.offset) : undefined
}
