import { type Version } from './version.ts'

/** Above 0 if `a` certainly wins over `b`, below 0 if `b` wins, undefined if the topic does not determine it. */
export type Order = (a: Version, b: Version) => number | undefined

// A producer's clock may be ahead of the worker's by this much.
const clockMargin = 60_000_000

const unlessEqual = (difference: number): number | undefined => (difference === 0 ? undefined : difference)

/**
 * By the time at which the worker read them, which is after the record's timestamp. Within a partition the later one wins;
 * across partitions the topic does not determine it. A replayed event has the write timestamp of its first read.
 */
export const byReading: Order = (a, b) => {
  if (a.isReplayed && b.isReplayed) return unlessEqual(a.time - b.time)
  if (a.isReplayed) return b.time > a.time + clockMargin ? -1 : undefined
  if (b.isReplayed) return a.time > b.time + clockMargin ? 1 : undefined
  return a.partition === b.partition ? unlessEqual(a.offset - b.offset) : undefined
}

/** By the time in the event; within a millisecond, by the offset in the partition. */
export const byEvent: Order = (a, b) => {
  if (a.time !== b.time) return a.time - b.time
  return a.partition === b.partition ? unlessEqual(a.offset - b.offset) : undefined
}
