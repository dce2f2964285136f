import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Fault } from '../../src/model/faults.ts'
import { metricsOf } from '../../src/observe/metrics/metrics.ts'
import { type Outcome } from '../../src/model/record.ts'
import { record } from '../records.ts'
import { telemetryOf } from './worker.ts'
import { parseMetrics } from './prometheus.ts'

const scrape = async (worker: ReturnType<typeof telemetryOf>) => parseMetrics(await metricsOf(worker).metrics())

describe('metrics', () => {
  test('have names and types as in Prometheus', async () => {
    const text = await metricsOf(telemetryOf()).metrics()
    const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type = '']) => ({ name, type }))
    assert.ok(types.length > 25)
    for (const { name, type } of types) {
      assert.match(name, /^sunbird_streams_[a-z][a-z_]*$/)
      assert.equal(name.endsWith('_total'), type === 'counter', name)
      assert.doesNotMatch(name, /_(ms|milliseconds|micros|kb|mb|count|sum|bucket)$/)
    }
  })

  test('have the stream as a label, and otherwise only bounded labels', async () => {
    const worker = telemetryOf()
    worker.events.assigned(1, [0, 5])
    worker.events.reached(5, 1, 3)
    const allowed = new Set(['stream', 'reason', 'step', 'kind', 'partition', 'server', 'version', 'le'])
    for (const { labels } of (await scrape(worker)).samples) {
      assert.equal(labels['stream'], 'things')
      assert.deepEqual(Object.keys(labels).filter(label => !allowed.has(label)), []) // prettier-ignore
    }
  })

  test('count records by outcome', async () => {
    const worker = telemetryOf()
    const settle = (as: Outcome, count: number): void =>
      worker.events.settled({ kind: 'settled', as, records: Array.from({ length: count }, () => record()) })
    for (let count = 0; count < 9; count += 1) worker.events.read()
    settle('written', 4)
    settle('superseded', 3)
    const found = await scrape(worker)
    assert.equal(found.value('records_read_total'), 9)
    assert.equal(found.value('records_written_total'), 4)
    assert.equal(found.value('records_superseded_total'), 3)
  })

  test('give a histogram whose buckets rise to its count', async () => {
    const worker = telemetryOf()
    for (const rows of [1, 7, 100, 5000]) worker.events.writing(rows)()
    const found = await scrape(worker)
    const buckets = found.samples.filter(({ name }) => name === 'sunbird_streams_batch_rows_bucket')
    assert.deepEqual(
      buckets.map(({ labels, value }) => `${labels['le'] ?? ''}:${value}`),
      ['1:1', '2:1', '5:1', '10:2', '20:2', '50:2', '100:3', '200:3', '500:3', '1000:3', '+Inf:4'],
    )
    assert.deepEqual([found.value('batch_rows_count'), found.value('batch_rows_sum')], [4, 5108])
  })

  test('show a fault: its step, kind and duration, and that reading is paused', async () => {
    const worker = telemetryOf()
    worker.events.assigned(1, [0, 1])
    const watch = worker.events.watch('write')
    watch.faulted(new Fault('transient', 'no node answers'), 1, 100)
    watch.faulted(new Fault('misconfigured', 'no table'), 2, 100)
    worker.events.paused('fault')
    worker.clock.frame = 2500
    const found = await scrape(worker)
    assert.equal(found.value('retries_total', { step: 'write', kind: 'transient' }), 1)
    assert.equal(found.value('retries_total', { step: 'write', kind: 'misconfigured' }), 1)
    assert.equal(found.value('fault_wait_seconds', { step: 'write' }), 2.5)
    assert.equal(found.value('paused_partitions', { reason: 'fault' }), 2)
    assert.equal(found.value('ready'), 0)
  })

  test('drop the lag of a partition that another worker has', async () => {
    const worker = telemetryOf()
    const registry = metricsOf(worker)
    worker.events.assigned(1, [0])
    worker.events.reached(0, 1, 3)
    assert.match(await registry.metrics(), /partition_lag_records\{partition="0",stream="things"\} 2/)
    worker.events.assigned(2, [])
    assert.doesNotMatch(await registry.metrics(), /partition="0"/)
  })
})
