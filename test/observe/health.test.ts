import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Fault } from '../../src/model/faults.ts'
import { type Step } from '../../src/model/step.ts'
import { deadBecause, healthBody, serviceHealthBody, unreadyBecause } from '../../src/observe/health/health.ts'
import { healthOf } from '../../src/observe/health/worker-health.ts'
import { verdictOf } from '../../src/observe/health/verdict.ts'
import { activityOf } from '../../src/observe/health/watching.ts'
import { record } from '../records.ts'
import { telemetryOf } from './worker.ts'

const down = new Fault('transient', 'no node answers')

const running = (): ReturnType<typeof telemetryOf> => {
  const worker = telemetryOf()
  worker.events.ready()
  worker.events.assigned(1, [0])
  worker.servers.probed('kafka', undefined)
  worker.servers.probed('cassandra', undefined)
  return worker
}

describe('readiness', () => {
  test('is there once partitions are assigned and both servers answer', () => {
    const worker = telemetryOf()
    assert.match(unreadyBecause(healthOf(worker)).join(), /^starting/)
    worker.events.ready()
    assert.match(unreadyBecause(healthOf(worker)).join(), /^joining/)
    assert.deepEqual(unreadyBecause(healthOf(running())), [])
  })

  const cases: [step: Step, server: string][] = [
    ['cassandra', 'cassandra'],
    ['write', 'cassandra'],
    ['topics', 'kafka'],
    ['locate', 'kafka'],
    ['dead-letter', 'kafka'],
    ['commit', 'kafka'],
  ]
  for (const [step, server] of cases) {
    test(`is gone while ${step} waits for ${server}, and says why`, () => {
      const worker = running()
      const watch = worker.events.watch(step)
      watch.faulted(down, 1, 100)
      assert.deepEqual(unreadyBecause(healthOf(worker)), [`${server}: no node answers`])
      watch.over()
      assert.deepEqual(unreadyBecause(healthOf(worker)), [])
    })
  }

  test('is gone while a server does not answer, even if there is nothing to write', () => {
    const worker = running()
    worker.servers.probed('cassandra', down)
    assert.deepEqual(unreadyBecause(healthOf(worker)), ['cassandra: no node answers'])
    worker.servers.probed('cassandra', undefined)
    assert.deepEqual(unreadyBecause(healthOf(worker)), [])
  })

  test('is gone from a restart of the consumer to its next assignment', () => {
    const worker = running()
    worker.events.restarting(down, 1, 100)
    assert.match(unreadyBecause(healthOf(worker)).join(), /kafka: no node answers,joining/)
    worker.events.assigned(2, [0])
    assert.deepEqual(unreadyBecause(healthOf(worker)), [])
  })
})

/** Looks once a second for this many seconds, and calls `meanwhile` each time. */
const live = (worker: ReturnType<typeof telemetryOf>, seconds: number, meanwhile = (): void => undefined): boolean => {
  for (let second = 0; second < seconds; second += 1) {
    worker.clock.frame += 1000
    meanwhile()
    worker.stall.look(activityOf(worker), worker.now())
  }
  return deadBecause(healthOf(worker)) === undefined
}

describe('liveness', () => {
  test('stays for days without work', () => assert.equal(live(running(), 200_000), true))

  test('goes if there is lag without progress', () => {
    const worker = running()
    worker.events.reached(0, 10, 20)
    assert.equal(live(worker, 50), true)
    assert.equal(live(worker, 20), false)
  })

  test('stays with any progress', () => {
    const worker = running()
    let position = 0
    assert.equal(live(worker, 500, () => worker.events.reached(0, (position += 1), 1e6)), true) // prettier-ignore
  })

  test('stays during days of an outage of Cassandra with records in flight', () => {
    const worker = running()
    worker.inFlight.add(record())
    const watch = worker.events.watch('write')
    let attempt = 0
    const again = (): void => {
      if (worker.now() % 40_000 === 0) watch.faulted(down, (attempt += 1), 30_000)
    }
    assert.equal(live(worker, 200_000, again), true)
  })

  test('goes if the retry of a write never returns', () => {
    const worker = running()
    worker.inFlight.add(record())
    worker.events.watch('write').faulted(down, 1, 30_000)
    assert.equal(live(worker, 89), true)
    assert.equal(live(worker, 5), false)
  })

  test('stays while Kafka does not answer, even with lag', () => {
    const worker = running()
    worker.events.reached(0, 10, 20)
    worker.servers.probed('kafka', down)
    assert.equal(live(worker, 200_000), true)
    worker.servers.probed('kafka', undefined)
    assert.equal(live(worker, 70), false)
  })

  test('goes if the join never ends', () => {
    const worker = telemetryOf()
    worker.events.ready()
    assert.equal(live(worker, 70), false)
  })

  test('stays without partitions, because there may be more workers than partitions', () => {
    const worker = running()
    worker.events.assigned(2, [])
    assert.equal(live(worker, 1000), true)
  })
})

describe('health, in the format of the sibling services', () => {
  test('names each server, with code and message of what is wrong', () => {
    const worker = running()
    worker.servers.probed('kafka', down)
    const body = healthBody('things', healthOf(worker), 0) as { result: object; responseCode: string; ts: string }
    assert.deepEqual(body.result, {
      name: 'things',
      version: '1.0',
      healthy: false,
      checks: [
        { name: 'kafka', healthy: false, err: 'KAFKA_HEALTH_FAILED', errmsg: 'no node answers' },
        { name: 'cassandra', healthy: true, err: '', errmsg: '' },
      ],
    })
    assert.deepEqual([body.responseCode, body.ts], ['OK', '1970-01-01T00:00:00.000Z'])
  })

  test('of the service alone is good regardless of its servers', () => {
    const { result } = serviceHealthBody('things', 0) as { result: { healthy: boolean } }
    assert.equal(result.healthy, true)
  })
})

describe('the verdict', () => {
  const cases: [name: string, make: () => ReturnType<typeof telemetryOf>, level: string, headline: string][] = [
    ['of an idle worker', running, 'good', 'Running'],
    [
      'under backpressure',
      () => {
        const worker = running()
        worker.events.paused('in-flight')
        return worker
      },
      'good',
      'Running at full load',
    ],
    [
      'during an outage',
      () => {
        const worker = running()
        worker.events.watch('write').faulted(down, 1, 100)
        worker.events.paused('fault')
        return worker
      },
      'waiting',
      'Waiting for a fault to pass',
    ],
    [
      'of a misconfiguration',
      () => {
        const worker = running()
        worker.events.watch('write').faulted(new Fault('misconfigured', 'no table'), 1, 100)
        return worker
      },
      'bad',
      'Needs attention',
    ],
    ['before the servers answer', telemetryOf, 'waiting', 'Starting'],
  ]
  for (const [name, make, level, headline] of cases) {
    test(name, () => {
      const verdict = verdictOf(make())
      assert.deepEqual([verdict.level, verdict.headline], [level, headline])
    })
  }
})
