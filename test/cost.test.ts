// The cost of a record, counted instead of timed, so that a busy machine does not matter. Each bound is ten per cent above the
// count when it was set. If you reduce a cost, lower its bound.
import assert from 'node:assert/strict'
import { createHook } from 'node:async_hooks'
import { before, describe, test } from 'node:test'
import { asapScheduler, lastValueFrom, NEVER, Observable } from 'rxjs'
import { packed } from '../src/cassandra/packed.ts'
import { statements } from '../src/cassandra/statements.ts'
import { InFlightLedger } from '../src/ledger/in-flight.ts'
import { Events } from '../src/observe/events.ts'
import { pipeline } from '../src/pipeline.ts'
import { type KafkaRecord, type Position } from '../src/model/record.ts'
import { type Stream } from '../src/stream/definition.ts'
import programUserInfo from '../streams/program-user-info/stream.ts'
import { linesLog } from './clients.ts'
import { messages } from '../rig/load/enrolments.ts'
import { record } from './records.ts'

const events = 10_000
// About the number of today's events in a fetch of 512 KiB.
const fetched = 295
const bound = { records: 4000, bytes: 16_777_216 }

interface Cost {
  writes: number
  rows: number
  commits: number
  promises: number
  buffers: number
  largestInFlight: number
}

const makers = ['allocUnsafe', 'from', 'alloc'] as const

/** Counts calls that create a buffer, until it is stopped. The test runner's mocks would keep a stack for each call. */
const countBuffers = (): (() => number) => {
  type Make = (this: unknown, ...args: unknown[]) => unknown
  const originals = makers.map(name => ({ name, make: Reflect.get(Buffer, name) as Make }))
  let calls = 0
  for (const { name, make } of originals) {
    Reflect.set(Buffer, name, function (this: unknown, ...args: unknown[]) {
      calls += 1
      return make.apply(this, args)
    })
  }
  return () => {
    for (const { name, make } of originals) Reflect.set(Buffer, name, make)
    return calls
  }
}

const nextTurn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

const countedDrain = async (programmes: number): Promise<Cost> => {
  const cost: Cost = { writes: 0, rows: 0, commits: 0, promises: 0, buffers: 0, largestInFlight: 0 }
  const load = { seed: 7, events, programmes, repeats: 0, bad: 0, bytes: 1800 }
  const values = Array.from(messages(load), ({ value }) => value)
  const log = linesLog()
  const inFlight = new InFlightLedger()
  const told = new Events(log, log, asapScheduler, inFlight)
  const statement = statements(programUserInfo.table, 'k', 't')
  let paused = false
  // One fetch for each turn of the event loop, and none while paused, like the client.
  const records = new Observable<KafkaRecord>(subscriber => {
    let next = 0
    const fetch = (): void => {
      const end = paused ? next : Math.min(events, next + fetched)
      for (; next < end; next += 1) subscriber.next(record(next, { value: values[next] ?? null, bytes: 1800 }))
      cost.largestInFlight = Math.max(cost.largestInFlight, inFlight.records)
      if (next === events) subscriber.complete()
      else setImmediate(fetch)
    }
    setImmediate(fetch)
  })
  const source = {
    records,
    pause: () => void (paused = true),
    resume: () => void (paused = false),
    commit: (positions: readonly Position[]) => {
      cost.commits += 1
      return [positions]
    },
    ended: NEVER,
  }
  const table = {
    write: async (changes: readonly { change: Parameters<typeof statement.bind>[0]; writeTimestamp: number }[]) => {
      cost.writes += 1
      cost.rows += changes.length
      for (const { change, writeTimestamp } of changes) statement.bind(change, writeTimestamp)
      await nextTurn()
    },
  }
  const settings = {
    writeOrder: 'read',
    inFlight: bound,
    windowMs: 0,
    batch: { rows: 100, bytes: 131_072 },
    writeConcurrency: 16,
    commitIntervalMs: 1000,
    backoff: { firstMs: 100, capMs: 30_000 },
  } as const
  const dependencies = {
    source,
    table,
    deadLetters: { publish: () => assert.fail('there is no bad message here') },
    observer: told,
    inFlight,
    clock: asapScheduler,
    random: () => 0.5,
  }
  const buffersCounted = countBuffers()
  const hook = createHook({
    init: (_, type) => {
      if (type === 'PROMISE') cost.promises += 1
    },
  }).enable()
  const startedAt = Date.now()
  try {
    await lastValueFrom(pipeline(packed(programUserInfo as unknown as Stream), settings, dependencies))
  } finally {
    hook.disable()
    cost.buffers = buffersCounted()
  }
  // Once a second, and at the end.
  cost.commits -= Math.floor((Date.now() - startedAt) / settings.commitIntervalMs)
  return cost
}

const cases = [
  { programmes: 1, writes: 0.0113, promises: 0.062, buffers: 1.1 },
  { programmes: 200, writes: 0.0792, promises: 0.443, buffers: 1.1 },
  { programmes: 20_000, writes: 0.92, promises: 4.62, buffers: 1.1 },
] as const

for (const { programmes, ...bounds } of cases) {
  describe(`the cost of ${events} records of ${programmes} programmes`, () => {
    let cost: Cost
    before(async () => {
      cost = await countedDrain(programmes)
    })

    test('in writes a record', () => assert.ok(cost.writes / events <= bounds.writes, `${cost.writes / events}`))
    test('in promises a record', () =>
      assert.ok(cost.promises / events <= bounds.promises, `${cost.promises / events}`))
    test('in buffers a record', () => assert.ok(cost.buffers / events <= bounds.buffers, `${cost.buffers / events}`))
    test('with every record written once', () => assert.equal(cost.rows, events))
    test('in commits: one at the end, whatever the number of records', () =>
      assert.ok(cost.commits <= 1, `${cost.commits}`))
    test('in flight: the limit, plus at most one fetch', () => {
      assert.ok(cost.largestInFlight < bound.records + fetched, `${cost.largestInFlight}`)
    })
  })
}
