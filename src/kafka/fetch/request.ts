import { type FetchedPartition } from './fetched.ts'

/** A broker of the client's, as its cluster gives it. */
export interface Broker {
  lookupRequest(apiKey: number, definition: RequestDefinition): (args: unknown) => unknown
  disconnect(): Promise<void>
  readonly connectionPool: { send(request: unknown): Promise<unknown> }
}

interface RequestDefinition {
  readonly versions: readonly string[]
  readonly protocol: (asked: { version: number }) => (args: unknown) => unknown
}

export interface FetchRequest {
  readonly topic: string
  /** In this order the broker fills the response, up to `maxBytes`: put first what was served longest ago. */
  readonly partitions: readonly { readonly partition: number; readonly fetchOffset: number }[]
  /** The broker answers after this long if there is nothing new, in milliseconds. */
  readonly maxWaitMs: number
  /** Bytes of the response and of one partition; the first record batch comes whole, however large it is. */
  readonly maxBytes: number
  readonly maxBytesPerPartition: number
}

/**
 * Fetches from the leader of these partitions, committed records only. The client's own way (broker.fetch) shuffles the
 * partitions, decompresses the whole response, and fails all of it for one partition's error or undecodable batch.
 *
 * @throws the client's errors; a partition's error is its errorCode
 */
export const fetchRecordSets = (broker: Broker, request: FetchRequest): Promise<FetchedPartition[]> =>
  broker.connectionPool.send(request) as Promise<FetchedPartition[]>
