import { createRequire } from 'node:module'
import { type Client, type QueryOptions } from 'cassandra-driver'
import { type Accepted } from '../model/record.ts'
import { controlConnectionOf } from './control-connection.ts'
import { batchBody, executeBody, type Prepared } from './request-bodies.ts'
import { type Statement } from './statements.ts'

/** The driver whose insides are used here. */
export const knownDriver = '4.10.0'

/** The protocol of the bodies made here; Apache's Cassandra speaks it from 2.2 on, and the driver none above it. */
const knownProtocol = 4

/** Request frames by their opcodes (native protocol v4, section 2.4). */
const opcodes = { execute: 0x0a, batch: 0x0d } as const

interface ExecutionOptions {
  getConsistency(): number
  getLoadBalancingPolicy(): unknown
}

interface PreparedInfo {
  readonly queryId: Buffer
  readonly meta: unknown
}

interface FrameWriter {
  readonly bodyLength: number
  add(bytes: Buffer): void
  write(protocolVersion: number, streamId: number): Buffer
}

/** A request as the driver's request handling takes it: it asks for the frame each time it sends it. */
interface DriverRequest {
  readonly queries: readonly { readonly query: string }[]
  consistency: number
  length: number
  write(encoder: { readonly protocolVersion: number }, streamId: number): Buffer
  clone(): DriverRequest
}

/** What is used of the driver's insides, each by the name that it has there. */
export interface Insides {
  readonly version: string
  readonly RequestHandler: {
    send(request: DriverRequest, options: ExecutionOptions, client: Client): Promise<unknown>
  }
  readonly PrepareHandler: {
    getPrepared(client: Client, policy: unknown, query: string, keyspace: string): Promise<PreparedInfo>
  }
  readonly DefaultExecutionOptions: { create(options: QueryOptions, client: Client): ExecutionOptions }
  readonly FrameWriter: new (opcode: number) => FrameWriter
}

/** The client's own way to find out which nodes have a row. */
interface Routing {
  _setRoutingInfo(options: ExecutionOptions, params: unknown[], meta: unknown): Promise<void>
}

const requireInside = createRequire(import.meta.url)

/** The insides of the installed driver; undefined where they are not those that are known. */
export const driverInsides = (): Insides | undefined => {
  const { version } = requireInside('cassandra-driver/package.json') as { version: string }
  if (version !== knownDriver) return undefined
  const inside = (name: string): object => requireInside(`cassandra-driver/lib/${name}`) as object
  return {
    version,
    RequestHandler: inside('request-handler'),
    PrepareHandler: inside('prepare-handler'),
    ...inside('execution-options'),
    ...inside('writers'),
  } as Insides
}

/** Rows as one request, whose frame is made of one buffer: EXECUTE for one row, BATCH for several. */
export const requestOf = (
  { FrameWriter }: Pick<Insides, 'FrameWriter'>,
  queries: DriverRequest['queries'],
  rows: readonly Prepared[],
  consistency: number,
): DriverRequest => ({
  queries,
  consistency,
  length: 0,
  write({ protocolVersion }, streamId) {
    const [row] = rows
    const isSingle = row !== undefined && rows.length === 1
    const frame = new FrameWriter(isSingle ? opcodes.execute : opcodes.batch)
    frame.add(isSingle ? executeBody(row, this.consistency) : batchBody(rows, this.consistency))
    this.length = frame.bodyLength
    return frame.write(protocolVersion, streamId)
  },
  clone() {
    return { ...this }
  },
})

/** How changes of one table partition are sent; rejects as the driver does. */
export type Send = (changes: readonly Accepted[]) => Promise<unknown>

/**
 * Sends changes as requests of our own, handed to the driver's request handling: retries, timeouts, preparing anew and
 * metrics stay its own. Its public `batch` awaits a promise for each row and makes two buffers of each value, which costs
 * more than all else that is done to a row. Undefined where driver or protocol are not the known ones.
 */
export const ownRequests = (
  client: Client,
  statement: Statement,
  options: QueryOptions,
  insides: Insides | undefined,
): Send | undefined => {
  if (insides === undefined || controlConnectionOf(client).protocolVersion !== knownProtocol) return undefined
  const { RequestHandler, PrepareHandler, DefaultExecutionOptions } = insides
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
    return RequestHandler.send(requestOf(insides, queries, rows, execution.getConsistency()), execution, client)
  }
}
