// Loaded before the worker in its process (node --import). It records delivered offsets and acknowledged commits at once, outside
// the worker's log, so that they are known even after a kill. Every second it also records the memory, and the longest time that
// the worker's own work blocked the event loop.
import { openSync, writeSync } from 'node:fs'
import { tracingChannel } from 'node:diagnostics_channel'
import { type CommitTrace } from '../../src/kafka/commit-trace.ts'
import { type DeliveryTrace } from '../../src/kafka/delivery-trace.ts'
import { type Note } from './readings.ts'

const file = process.env['PROBE_FILE']
if (file === undefined) throw new Error('PROBE_FILE is not set')
const out = openSync(file, 'a')
const note = (facts: Note): void => void writeSync(out, `${JSON.stringify(facts)}\n`)

// This clock is correct even in the case that steps the worker's clock.
const now = (): number => performance.timeOrigin + performance.now()

/** The interval of the event loop measurement in milliseconds. */
const tickMs = 20
let tickedAt = performance.now()
let usage = process.cpuUsage()
let stoppedMs = 0

// Only the CPU time of the process counts: a busy machine delays it too, but that says nothing about the worker.
const tick = (): void => {
  const [at, used] = [performance.now(), process.cpuUsage(usage)]
  stoppedMs = Math.max(stoppedMs, Math.min(at - tickedAt - tickMs, (used.user + used.system) / 1000))
  tickedAt = at
  usage = process.cpuUsage()
}
setInterval(tick, tickMs).unref()

const sample = (): void => {
  tick()
  note({ kind: 'sample', time: now(), rssMb: process.memoryUsage().rss / 1_048_576, stoppedMs })
  stoppedMs = 0
}
setInterval(sample, 1000).unref()
process.on('exit', sample)

// A delivery that is interrupted by SIGSTOP started before it, although it is recorded afterwards.
const begun = new WeakMap<object, number>()
tracingChannel<'sunbird-streams.delivery', DeliveryTrace>('sunbird-streams.delivery').subscribe({
  start: delivery => void begun.set(delivery, now()),
  end: delivery => {
    const { partition, first, next } = delivery
    if (next > first) note({ kind: 'read', time: begun.get(delivery) ?? now(), partition, first, last: next - 1 })
  },
  asyncStart: () => undefined,
  asyncEnd: () => undefined,
  error: () => undefined,
})

tracingChannel<'sunbird-streams.commit', CommitTrace>('sunbird-streams.commit').subscribe({
  start: () => undefined,
  end: () => undefined,
  asyncStart: () => undefined,
  asyncEnd: ({ positions, error }) => {
    if (error !== undefined) return
    for (const { partition, offset } of positions) note({ kind: 'commit', time: now(), partition, offset })
  },
  error: () => undefined,
})
