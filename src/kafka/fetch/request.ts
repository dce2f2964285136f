import errors from 'kafkajs/src/protocol/error.js'
import internal from 'kafkajs/src/protocol/requests/fetch/index.js'
import { type FetchRequest } from '../member.ts'
import { type FetchedPartition } from './fetched.ts'
import { decodeResponse, type FetchResponse } from './response.ts'

type Versioned<T> = (asked: { version: number }) => T

/** A request of the client, and how to read its response. */
interface Exchange {
  readonly request: unknown
  readonly response: {
    readonly decode: (payload: Buffer) => Promise<FetchResponse>
    readonly parse: (decoded: FetchResponse) => Promise<FetchResponse>
  }
}

type FetchProtocol = Versioned<(args: object) => Exchange>

/** A broker of the client's cluster. */
export interface Broker {
  lookupRequest(
    apiKey: number,
    definition: { versions: readonly string[]; protocol: FetchProtocol },
  ): (args: object) => Exchange
  disconnect(): Promise<void>
  readonly connectionPool: { send(exchange: Exchange): Promise<FetchResponse> }
}

const client = internal as { protocol: FetchProtocol }
/** The client's error for an error code of the protocol. */
export const { createErrorFromCode } = errors as { readonly createErrorFromCode: (code: number) => Error }

const fetchApiKey = 1
// From the first with transactions (Kafka 0.11) to the last that the client supports.
const versions = ['4', '5', '6', '7', '8', '9', '10', '11']
const readCommitted = 1

const protocol: FetchProtocol =
  ({ version }) =>
  args => {
    if (version < 4) throw new Error('brokers older than Kafka 0.11 are not supported')
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
 * Fetches committed records from the leader of these partitions. The client's own fetch (2.2.4, broker/index.js) shuffles the
 * partitions and decompresses the whole response. It fails all partitions if one has an error or cannot be decoded.
 *
 * @throws the client's errors; an error of one partition is its errorCode
 */
export const fetchRecordSets = async (
  broker: Broker,
  topic: string,
  { partitions, maxWaitMs, maxBytes, maxBytesPerPartition }: FetchRequest,
): Promise<FetchedPartition[]> => {
  const exchange = broker.lookupRequest(fetchApiKey, { versions, protocol })({
    isolationLevel: readCommitted,
    maxWaitTime: maxWaitMs,
    minBytes: 1,
    maxBytes,
    topics: [{ topic, partitions: partitions.map(position => ({ ...position, maxBytes: maxBytesPerPartition })) }],
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
