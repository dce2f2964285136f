import { createRequire } from 'node:module'
import { type FetchedPartition } from './fetched.ts'
import { decodeResponse, type FetchResponse } from './response.ts'

type Versioned<T> = (asked: { version: number }) => T

/** One request of the client's and how it reads the answer. */
interface Exchange {
  readonly request: unknown
  readonly response: {
    readonly decode: (payload: Buffer) => Promise<FetchResponse>
    readonly parse: (decoded: FetchResponse) => Promise<FetchResponse>
  }
}

type FetchProtocol = Versioned<(args: object) => Exchange>

/** A broker of the client's, as its cluster gives it. */
export interface Broker {
  lookupRequest(
    apiKey: number,
    definition: { versions: readonly string[]; protocol: FetchProtocol },
  ): (args: object) => Exchange
  disconnect(): Promise<void>
  readonly connectionPool: { send(exchange: Exchange): Promise<FetchResponse> }
}

export interface FetchRequest {
  readonly topic: string
  /** In this order the broker fills the response, up to `maxBytes`: put first what was served longest ago. */
  readonly partitions: readonly { readonly partition: number; readonly fetchOffset: number }[]
  /** The broker answers after this long if there is nothing new, in milliseconds. */
  readonly maxWaitMs: number
  /** Bytes of the response and of each partition; the first record batch comes whole, however large it is. */
  readonly maxBytes: number
  readonly maxBytesPerPartition: number
}

const load = createRequire(import.meta.url)
const client = load('kafkajs/src/protocol/requests/fetch') as { protocol: FetchProtocol }
const { createErrorFromCode } = load('kafkajs/src/protocol/error') as { createErrorFromCode: (code: number) => Error }

const fetchApiKey = 1
// The first that has transactions (Kafka 0.11), and the last that the client knows.
const versions = ['4', '5', '6', '7', '8', '9', '10', '11']
const readCommitted = 1

const protocol: FetchProtocol =
  ({ version }) =>
  args => {
    if (version < 4) throw new Error('the brokers are older than Kafka 0.11, and not supported')
    return {
      ...client.protocol({ version })(args),
      response: {
        decode: payload => Promise.resolve(decodeResponse(payload, version)),
        parse: decoded => Promise.resolve(decoded),
      },
    }
  }

const isClosed = (error: unknown): boolean => error instanceof Error && error.name === 'KafkaJSConnectionClosedError'

/**
 * Fetches from the leader of these partitions what is committed. The client's own way (2.2.4, broker/index.js) shuffles the
 * partitions, decompresses the whole response, and fails all of it for the error, or the undecodable batch, of one.
 *
 * @throws the client's errors; what is wrong with one partition is its errorCode
 */
export const fetchRecordSets = async (broker: Broker, request: FetchRequest): Promise<FetchedPartition[]> => {
  const { topic, partitions, maxWaitMs, maxBytes, maxBytesPerPartition } = request
  const exchange = broker.lookupRequest(fetchApiKey, { versions, protocol })({
    isolationLevel: readCommitted,
    maxWaitTime: maxWaitMs,
    minBytes: 1,
    maxBytes,
    topics: [{ topic, partitions: partitions.map(asked => ({ ...asked, maxBytes: maxBytesPerPartition })) }],
    rackId: '',
  })
  try {
    const { errorCode, fetched } = await broker.connectionPool.send(exchange)
    if (errorCode !== 0) throw createErrorFromCode(errorCode)
    return [...fetched]
  } catch (error) {
    if (isClosed(error)) await broker.disconnect()
    throw error
  }
}
