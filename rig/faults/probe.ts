// Loaded into the worker's process before the worker (node --import): writes down, at once and outside the worker's own
// log, which offsets its consumer hands over and which commits the broker has acknowledged, so that it is known even of
// a process that was killed; and each second its memory and the longest stop of its event loop.
import { openSync, writeSync } from 'node:fs'
import { createRequire } from 'node:module'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { type Consumer, type ConsumerRunConfig, type EachBatchPayload, type Kafka } from 'kafkajs'
import { type Note } from './readings.ts'

const file = process.env['PROBE_FILE']
if (file === undefined) throw new Error('PROBE_FILE is not set')
const out = openSync(file, 'a')
const note = (facts: Note): void => void writeSync(out, `${JSON.stringify(facts)}\n`)

// Also where the clock steps, by a fault of its own.
const now = (): number => performance.timeOrigin + performance.now()

const delays = monitorEventLoopDelay({ resolution: 10 })
delays.enable()
const sample = (): void => {
  note({ kind: 'sample', time: now(), rssMb: process.memoryUsage().rss / 1_048_576, stoppedMs: delays.max / 1e6 })
  delays.reset()
}
setInterval(sample, 1000).unref()
process.on('exit', sample)

const watched = (payload: EachBatchPayload): EachBatchPayload => {
  const { partition, messages } = payload.batch
  // Who is stopped in the middle of handing a batch over has read it before the stop, though it says so after it.
  const time = now()
  return {
    ...payload,
    resolveOffset: offset => {
      const first = Number(messages[0]?.offset)
      note({ kind: 'read', time, partition, first, last: Number(offset) })
      payload.resolveOffset(offset)
    },
    commitOffsetsIfNecessary: async offsets => {
      await payload.commitOffsetsIfNecessary(offsets)
      for (const { partitions } of offsets?.topics ?? []) {
        for (const position of partitions) {
          note({ kind: 'commit', time: now(), partition: position.partition, offset: Number(position.offset) })
        }
      }
    },
  }
}

// The worker's own copy of the client, whichever folder the worker was started from.
const { Kafka: client } = createRequire(process.argv[1] ?? import.meta.url)('kafkajs') as { Kafka: typeof Kafka }
const prototype = client.prototype as { consumer: Kafka['consumer'] }
const original = prototype.consumer
prototype.consumer = function (this: Kafka, ...args): Consumer {
  const consumer = original.apply(this, args)
  const run = consumer.run.bind(consumer)
  consumer.run = (config: ConsumerRunConfig = {}) => {
    const { eachBatch } = config
    return run(eachBatch === undefined ? config : { ...config, eachBatch: payload => eachBatch(watched(payload)) })
  }
  return consumer
}
