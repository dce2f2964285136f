// Our own requests depend on internals of the driver. If a new version breaks one of these tests, the test's name says what
// changed. Look at that place in the driver, then adapt src/cassandra/own-requests.ts and its `knownDriver`. Until then the
// worker writes through the driver's public API, which is slower.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { Client, types } from 'cassandra-driver'
import fc from 'fast-check'
import { driverInternals, knownDriver, ownRequests, requestOf } from '../../src/cassandra/own-requests.ts'
import { packer } from '../../src/cassandra/packed.ts'
import { type Prepared } from '../../src/cassandra/request-frames.ts'
import { statements } from '../../src/cassandra/statements.ts'
import { remove, type TableDefinition, upsert } from '../../src/stream/definition.ts'
import { projectFolder } from '../../rig/servers/folders.ts'
import { accepted } from '../records.ts'

const visits = {
  columns: { site: 'text', visitor: 'text', places: 'map<text,text>', count: 'int' },
  partitionKey: ['site'],
  clusteringKey: ['visitor'],
} as const satisfies TableDefinition

const requireInside = createRequire(import.meta.url)
const inside = (name: string): string => join(projectFolder, 'node_modules/cassandra-driver/lib', name)
const internals = driverInternals() ?? assert.fail(`the installed driver is not ${knownDriver}`)
const options = { prepare: true, logged: false, isIdempotent: true } as const
const consistency = types.consistencies.localQuorum
const client = new Client({ contactPoints: ['127.0.0.1'], localDataCenter: 'dc', queryOptions: { consistency } })

type DriverRequest = new (...parts: unknown[]) => { write(encoder: object, streamId: number): Buffer; length: number }

const { BatchRequest, ExecuteRequest } = requireInside(inside('requests.js')) as Record<string, DriverRequest>
const Encoder = requireInside(inside('encoder.js')) as new (version: number, options: object) => object
const encoder = Object.assign(new Encoder(4, {}), { protocolVersion: 4 })

test('the driver is pinned to the version whose internals are known', () => {
  const { dependencies } = JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>
  }
  assert.equal(dependencies['cassandra-driver'], knownDriver)
})

describe('the internals of the driver still have', () => {
  test('RequestHandler.send, which takes a request, its options and the client', () => {
    assert.equal(internals.RequestHandler.send.length, 3)
  })
  test('PrepareHandler.getPrepared, which takes the client, a load balancing policy, a query and a keyspace', () => {
    assert.equal(internals.PrepareHandler.getPrepared.length, 4)
  })
  test('the client’s _setRoutingInfo, which takes options, values and metadata', () => {
    assert.equal((client as unknown as { _setRoutingInfo: (...all: never) => unknown })._setRoutingInfo.length, 3)
  })
  test('DefaultExecutionOptions.create, whose options know consistency and load balancing policy', () => {
    const execution = internals.DefaultExecutionOptions.create(options, client)
    assert.equal(typeof execution.getConsistency(), 'number')
    assert.equal(typeof execution.getLoadBalancingPolicy(), 'object')
  })

  test('no further requirements for a request', () => {
    const files = ['request-handler.js', 'request-execution.js', 'operation-state.js', 'connection.js', 'writers.js']
    const asked = files.flatMap(file =>
      Array.from(readFileSync(inside(file), 'utf8').matchAll(/\b_?request\.(\w+)/g), ([, name]) => name),
    )
    // `query`, `params` and `queryId` may be absent: they are for the query text, and for a tracker, which we do not use.
    const known = [
      'clone',
      'consistency',
      'length',
      'meta',
      'params',
      'queries',
      'query',
      'queryId',
      'streamId',
      'write',
    ]
    assert.deepEqual(
      [...new Set(asked)].filter(name => !known.includes(name ?? '')),
      [],
    )
  })
})

const pack = packer(visits)
const statement = statements(visits, 'web', 'visits')
const info = { upsert: Buffer.from('the INSERT'), remove: Buffer.from('the DELETE') }
const text = fc.string({ maxLength: 60 })
const key = { site: text, visitor: text }
const row = fc.record({
  ...key,
  places: fc.option(fc.dictionary(text, text, { maxKeys: 4 }).map(places => new Map(Object.entries(places)))),
  count: fc.option(fc.nat(), { nil: undefined }),
})
const change = fc
  .oneof(
    row.map(columns => upsert(columns, 0)),
    fc.record(key).map(columns => remove(columns, 0)),
  )
  .map(pack)
const prepared: fc.Arbitrary<Prepared> = fc
  .record({ change, writeTimestamp: fc.maxSafeInteger() })
  .map(given => ({ ...given, id: info[given.change.kind], values: statement[given.change.kind].values }))

const execution = internals.DefaultExecutionOptions.create({ ...options, fetchSize: 0 }, client)

/** The values as a caller would pass them to the driver. */
const asGiven = ({ id, change, writeTimestamp }: Prepared) => {
  const { query, params } = statement.bind(change, writeTimestamp)
  const meta = { columns: params.map(() => ({ type: { code: types.dataTypes.blob } })) }
  return { query, params, meta, queryId: id }
}

describe('a request of our own has the bytes of the driver’s', () => {
  test('for one row, an EXECUTE', () => {
    fc.assert(
      fc.property(prepared, fc.nat(32_767), (one, streamId) => {
        const { query, params, meta, queryId } = asGiven(one)
        assert.ok(ExecuteRequest !== undefined)
        const theirs = new ExecuteRequest(query, queryId, params, execution, meta)
        const ours = requestOf([{ query }], [one], consistency)
        assert.deepEqual(ours.write(encoder, streamId), theirs.write(encoder, streamId))
        assert.equal(ours.length, theirs.length)
      }),
    )
  })

  test('for several rows, an unlogged BATCH', () => {
    fc.assert(
      fc.property(fc.array(prepared, { minLength: 2, maxLength: 5 }), fc.nat(32_767), (several, streamId) => {
        assert.ok(BatchRequest !== undefined)
        const theirs = new BatchRequest(several.map(asGiven), execution)
        const ours = requestOf([], several, consistency)
        assert.deepEqual(ours.write(encoder, streamId), theirs.write(encoder, streamId))
        assert.equal(ours.length, theirs.length)
      }),
    )
  })

  test('when it is sent again, also with another consistency from the retry policy', () => {
    const [one] = fc.sample(prepared, { numRuns: 1, seed: 1 })
    assert.ok(one !== undefined)
    const request = requestOf([], [one, one], consistency)
    const first = request.write(encoder, 7)
    assert.deepEqual(request.write(encoder, 7), first)
    const retried = Object.assign(request.clone(), { consistency: types.consistencies.all })
    assert.notDeepEqual(retried.write(encoder, 7), first)
    assert.deepEqual(request.write(encoder, 7), first)
  })
})

describe('changes are sent', () => {
  const lettersStatement = statements(
    { columns: { p: 'text', r: 'text', a: 'text', b: 'text' }, partitionKey: ['p'], clusteringKey: ['r'] },
    'k',
    't',
  )
  const connected = (protocolVersion: number) =>
    Object.assign(Object.create(client) as Client, {
      controlConnection: { protocolVersion },
      _setRoutingInfo: () => Promise.resolve(),
    })

  test('with each statement prepared once a request, and routed by the first row', async () => {
    const preparedQueries: string[] = []
    const sent: string[] = []
    const routed: unknown[] = []
    const fake = {
      ...internals,
      PrepareHandler: {
        getPrepared: (_client: Client, _policy: unknown, query: string) => {
          preparedQueries.push(query.slice(0, 6))
          return Promise.resolve({ queryId: Buffer.from(query.slice(0, 6)), meta: {} })
        },
      },
      RequestHandler: {
        send: (request: { write(encoder: object, streamId: number): Buffer }) => {
          sent.push(request.write(encoder, 1).toString('latin1'))
          return Promise.resolve()
        },
      },
    }
    const routing = Object.assign(connected(4), {
      _setRoutingInfo: (_options: unknown, params: readonly Buffer[]) => {
        routed.push(params[0]?.toString())
        return Promise.resolve()
      },
    })
    const send = ownRequests(routing, lettersStatement, options, fake) ?? assert.fail()
    await send([accepted(0, { p: 'P', a: '1' }), accepted(1, { p: 'P' }, { gone: true }), accepted(2, { p: 'P' })])
    assert.deepEqual([preparedQueries, routed], [['INSERT', 'DELETE'], ['P']])
    assert.equal(sent.length, 1)
    assert.deepEqual(sent[0]?.match(/INSERT|DELETE/g), ['INSERT', 'DELETE', 'INSERT'])
  })

  test('through the public API if the driver or the protocol is not the known one', () => {
    assert.notEqual(ownRequests(connected(4), lettersStatement, options, internals), undefined)
    assert.equal(ownRequests(connected(4), lettersStatement, options, undefined), undefined)
    for (const version of [3, 5, 66]) {
      assert.equal(ownRequests(connected(version), lettersStatement, options, internals), undefined)
    }
  })
})
