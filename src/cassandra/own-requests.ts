import driver, { type Client, type QueryOptions } from 'cassandra-driver'
import executionOptions from 'cassandra-driver/lib/execution-options.js'
import PrepareHandler from 'cassandra-driver/lib/prepare-handler.js'
import RequestHandler from 'cassandra-driver/lib/request-handler.js'
import { type Accepted } from '../model/record.ts'
import { controlConnectionOf } from './control-connection.ts'
import { headerBytes, type Prepared, writeFrame } from './request-frames.ts'
import { type Statement } from './statements.ts'

/** The version of the driver whose internals are used here. */
export const knownDriver = '4.10.0'

/** The protocol version of the request bodies. Cassandra supports it from 2.2 on, and the driver supports none above it. */
const knownProtocol = 4

interface ExecutionOptions {
  getConsistency(): number
  getLoadBalancingPolicy(): unknown
}

interface PreparedInfo {
  readonly queryId: Buffer
  readonly meta: unknown
}

/** A request for the driver's request handler, which calls `write` each time it sends the request. */
interface DriverRequest {
  readonly queries: readonly { readonly query: string }[]
  consistency: number
  length: number
  write(encoder: { readonly protocolVersion: number }, streamId: number): Buffer
  clone(): DriverRequest
}

/** The driver's internals that are used, by their names. */
export interface Internals {
  readonly version: string
  readonly RequestHandler: {
    send(request: DriverRequest, options: ExecutionOptions, client: Client): Promise<unknown>
  }
  readonly PrepareHandler: {
    getPrepared(client: Client, policy: unknown, query: string, keyspace: string): Promise<PreparedInfo>
  }
  readonly DefaultExecutionOptions: { create(options: QueryOptions, client: Client): ExecutionOptions }
}

/** How the client finds the nodes that have a row. */
interface Routing {
  _setRoutingInfo(options: ExecutionOptions, params: unknown[], meta: unknown): Promise<void>
}

/** The internals of the installed driver; undefined if its version is not the known one. */
export const driverInternals = (): Internals | undefined => {
  const version = String(driver.version)
  if (version !== knownDriver) return undefined
  return { version, RequestHandler, PrepareHandler, ...(executionOptions as object) } as Internals
}

/** A request for these rows, with its frame in one buffer. */
export const requestOf = (
  queries: DriverRequest['queries'],
  rows: readonly Prepared[],
  consistency: number,
): DriverRequest => ({
  queries,
  consistency,
  length: 0,
  write({ protocolVersion }, streamId) {
    const frame = writeFrame(rows, this.consistency, { protocolVersion, streamId })
    this.length = frame.length - headerBytes
    return frame
  },
  clone() {
    return { ...this }
  },
})

/** Sends changes of one table partition; rejects with the driver's errors. */
export type Send = (changes: readonly Accepted[]) => Promise<unknown>

/**
 * Sends our own requests through the driver's request handler, which still does retries, timeouts, preparation and metrics. The
 * driver's public `batch` awaits a promise for each row and creates two buffers for each value. That costs more than everything
 * else that is done for a row. Undefined if the driver or the protocol is not the known one.
 */
export const ownRequests = (
  client: Client,
  statement: Statement,
  options: QueryOptions,
  internals: Internals | undefined,
): Send | undefined => {
  if (internals === undefined || controlConnectionOf(client).protocolVersion !== knownProtocol) return undefined
  const { RequestHandler, PrepareHandler, DefaultExecutionOptions } = internals
  const routing = client as unknown as Routing

  return async changes => {
    const execution = DefaultExecutionOptions.create(options, client)
    const policy = execution.getLoadBalancingPolicy()
    const infos = new Map<string, PreparedInfo>()
    const queries: { query: string }[] = []
    const rows: Prepared[] = []
    for (const { change, writeTimestamp } of changes) {
      const { query, values } = statement[change.kind]
      let info = infos.get(query)
      if (info === undefined) {
        info = await PrepareHandler.getPrepared(client, policy, query, client.keyspace)
        infos.set(query, info)
        if (infos.size === 1)
          await routing._setRoutingInfo(execution, statement.bind(change, writeTimestamp).params, info.meta)
        queries.push({ query })
      }
      rows.push({ id: info.queryId, values, change, writeTimestamp })
    }
    return RequestHandler.send(requestOf(queries, rows, execution.getConsistency()), execution, client)
  }
}
