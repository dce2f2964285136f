import { type Position } from '../model/record.ts'
import { type Taken } from './fetch/fetched.ts'

/** The record batches of one fetch, decoded one at a time. */
export interface Batches {
  readonly isEmpty: boolean
  /** Bytes as they came, not decoded yet. */
  readonly bytesLeft: number
  /** The next record batch; undefined when no whole one is left. Never rejects. */
  take(): Promise<Taken | undefined>
}

/** What a fetch brought of one partition. */
export interface Fetched {
  readonly partition: number
  readonly fetchOffset: number
  /** 0, or the protocol's error code of this partition alone. */
  readonly errorCode: number
  /** The offset behind the last record that may be read. */
  readonly end: number
  readonly batches: Batches
}

/** What to fetch from one broker. */
export interface Ask {
  /** The broker fills its answer in this order. */
  readonly partitions: readonly { readonly partition: number; readonly fetchOffset: number }[]
  readonly maxBytes: number
  readonly maxBytesPerPartition: number
  /** How long the broker may wait for something new, in milliseconds. */
  readonly maxWaitMs: number
}

/** An assignment of partitions to this member. */
export interface Join {
  readonly partitions: readonly number[]
  /** Whether this member leads the group: exactly one does. */
  readonly isLeader: boolean
  /** When the request was sent that confirms the membership; a time of `elapsed`. */
  readonly sentAt: number
  /**
   * Sent once, in the generation of this join: after another one it fails, and changes nothing. A member that the group
   * refuses joins again.
   */
  commit(positions: readonly Committable[]): Promise<void>
}

export type Committable = Omit<Position, 'assignment'>

/** Told by a member what happens to it. */
export interface MemberEvents {
  /** From here to the next join another member may get the partitions, and read on. */
  joining(): void
  joined(join: Join): void
  /** A heartbeat sent at this time, one of `elapsed`, was answered. */
  confirmed(sentAt: number): void
  /** What is to be fetched of these partitions, all led by one broker; undefined for nothing at the moment. */
  toFetch(led: readonly number[]): Ask | undefined
  /** Follows every Ask that was given; empty when the fetch failed. */
  fetched(ask: Ask, fetched: readonly Fetched[]): void
  /** These of the assigned partitions have no leader now. Told whenever the metadata is looked at. */
  leaderless(partitions: readonly number[]): void
  /** The member is lost. Nothing else is told after it. */
  crashed(error: unknown): void
}

export interface Bounds {
  /** The first offset that the topic still has. */
  readonly low: number
  /** The offset behind the last record that may be read. */
  readonly high: number
}

/**
 * One member of a consumer group, from its start to its crash or its leave. It joins, sends heartbeats and joins again by
 * itself when the group rebalances; what it fetches and where from is decided by whom it tells. Its promises reject with
 * the client's own errors.
 */
export interface Member {
  start(): void
  /** What the group has committed of every partition of the topic; negative without an offset. */
  committed(): Promise<ReadonlyMap<number, number>>
  /** Undefined while the partition has no leader. */
  bounds(partition: number): Promise<Bounds | undefined>
  /** Sends a heartbeat as soon as it can. */
  heartbeat(): void
  /** There may be something to fetch again. */
  wake(): void
  /** Leaves the group and disconnects. */
  leave(): Promise<void>
}

/** @param elapsed milliseconds that only grow: see elapsed.ts */
export type OpenMember = (events: MemberEvents, elapsed: () => number) => Member
