import { type Fault } from '../model/faults.ts'
import { type Position } from '../model/record.ts'
import { type Taken } from './fetch/fetched.ts'

/** The record batches of one fetch, decoded one at a time. */
export interface Batches {
  readonly isEmpty: boolean
  /** Undecoded bytes. */
  readonly bytesLeft: number
  /** The next record batch; undefined if no complete one is left. Never rejects. */
  take(): Promise<Taken | undefined>
}

/** The response to a fetch, for one partition. */
export interface Fetched {
  readonly partition: number
  readonly fetchOffset: number
  /** 0, or the protocol's error code for this partition. */
  readonly errorCode: number
  /** The offset after the last readable record. */
  readonly end: number
  readonly batches: Batches
}

/** A fetch from one broker. */
export interface FetchRequest {
  /** The broker fills the response in this order, up to `maxBytes`. Put the least recently served partition first. */
  readonly partitions: readonly { readonly partition: number; readonly fetchOffset: number }[]
  /** Bytes of the response, and of each partition. The first record batch is returned whole, whatever its size. */
  readonly maxBytes: number
  readonly maxBytesPerPartition: number
  /** How long the broker may wait for new data, in milliseconds. */
  readonly maxWaitMs: number
}

/** An assignment of partitions to this member. */
export interface Join {
  readonly partitions: readonly number[]
  /** Whether this member is the group leader. */
  readonly isLeader: boolean
  /** When the request that confirmed the membership was sent; a time of `elapsed`. */
  readonly sentAt: number
  /** Set if the assignment must not be read. Another join may end that. */
  readonly fault?: Fault | undefined
  /**
   * Sends one commit, in the generation of this join. After another join it fails without effect. If the group refuses the
   * member, the member joins again.
   */
  commit(positions: readonly Committable[]): Promise<void>
}

export type Committable = Omit<Position, 'assignment'>

/** Events of a member. */
export interface MemberEvents {
  /** Until the next join, another member may get the partitions. */
  joining(): void
  joined(join: Join): void
  /** A heartbeat was answered. It was sent at this time of `elapsed`. */
  confirmed(sentAt: number): void
  /** Returns the next fetch from the broker that leads these partitions; undefined if there is none now. */
  toFetch(partitions: readonly number[]): FetchRequest | undefined
  /** Follows every request; empty if the fetch failed. */
  fetched(request: FetchRequest, fetched: readonly Fetched[]): void
  /** The assigned partitions that have no leader; called whenever the metadata is checked. */
  leaderless(partitions: readonly number[]): void
  /** The member cannot continue. This is its last event. */
  crashed(error: unknown): void
}

export interface Bounds {
  /** The earliest offset. */
  readonly low: number
  /** The offset after the last readable record. */
  readonly high: number
}

/**
 * One member of a consumer group, from its start until it crashes or leaves. It joins, sends heartbeats and rejoins by itself.
 * The receiver of its events decides what it fetches. Its promises reject with errors of the client.
 */
export interface Member {
  start(): void
  /** The committed offsets of all partitions of the topic; negative without one (see positions.ts). */
  committed(): Promise<ReadonlyMap<number, number>>
  /** Undefined while the partition has no leader. */
  bounds(partition: number): Promise<Bounds | undefined>
  /** The first offset whose record has this time or a later one, in milliseconds since 1970; undefined without one. */
  offsetAt(partition: number, time: number): Promise<number | undefined>
  /** Sends a heartbeat as soon as it can. */
  heartbeat(): void
  /** Makes an idle member request the next fetch. */
  wake(): void
  /** Leaves the group and disconnects. */
  leave(): Promise<void>
}

/** @param elapsed milliseconds that never go back: see elapsed.ts */
export type OpenMember = (events: MemberEvents, elapsed: () => number) => Member
