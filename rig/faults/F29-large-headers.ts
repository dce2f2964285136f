import { type FaultCase } from './fault.ts'
import { fateHeader, type FaultMessage } from './load.ts'
import { type WorkerProcess } from './worker-process.ts'

const headerBytes = 900_000

/** Every second message is bad (`{}`), and its dead letter keeps its headers. */
const laden = (good: FaultMessage, index: number): FaultMessage => {
  const isBad = index % 2 === 1
  return {
    ...good,
    value: isBad ? Buffer.from('{}') : good.value,
    headers: { [fateHeader]: isBad ? 'dead-letter' : 'row', large: 'h'.repeat(headerBytes) },
  }
}

const gauge = (metrics: string, name: string): number =>
  Number(new RegExp(`^\\S*${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(metrics)?.[1])

/** The highest values of the worker's metrics while it is watched. `limit` is its limit of bytes in flight. */
class InFlightWatch {
  mostBytes = 0
  mostRecords = 0
  limit = 0
  readings = 0
  #stopped = false

  async watch(worker: WorkerProcess, pause: () => Promise<void>): Promise<void> {
    while (!this.#stopped) {
      const metrics = await worker.page('metrics').catch(() => '')
      const bytes = gauge(metrics, 'in_flight_bytes')
      if (!Number.isNaN(bytes)) {
        this.readings += 1
        this.mostBytes = Math.max(this.mostBytes, bytes)
        this.mostRecords = Math.max(this.mostRecords, gauge(metrics, 'in_flight_records'))
        this.limit = gauge(metrics, 'in_flight_limit_bytes')
      }
      await pause()
    }
  }

  stop(): void {
    this.#stopped = true
  }
}

export const largeHeaders: FaultCase = {
  name: 'F29-large-headers',
  title: 'Messages with 900 KB of headers each, and writes that take 2 s: bytes in flight and memory stay bounded',
  figures: { inFlightMaxMb: 'most in flight, MB' },
  events: 400,
  eachBad: 0,
  run: async scene => {
    // Each in its own record batch, to which the topic's limit applies.
    for (const [index, message] of [...scene.take(scene.events)].entries()) {
      await scene.publishThese([laden(message, index)])
    }
    const worker = await scene.startWorker()
    scene.environment.cassandraLink.weather = { latencyMs: 1_000 }
    const inFlight = new InFlightWatch()
    const watched = inFlight.watch(worker, () => scene.pass(0.1))
    scene.healed()
    await scene.caughtUp(400)
    inFlight.stop()
    await watched
    const { mostBytes, mostRecords, limit, readings } = inFlight
    scene.seen['inFlightMaxMb'] = Math.round(mostBytes / 1_048_576)
    // Counted here, whatever the worker counts. One record batch may exceed the limit.
    const truth = mostRecords * headerBytes
    scene.expect(truth < limit + 2 * headerBytes, `headers of ${truth} bytes in flight, above the limit of ${limit}`)
    scene.expect(
      readings > 10 && mostBytes > limit / 2,
      `${mostBytes} bytes in flight in ${readings} readings prove nothing`,
    )
    scene.expect(mostBytes < limit + 2 * headerBytes, `${mostBytes} bytes in flight, above the limit of ${limit}`)
    const { rssMaxMb } = await scene.readings()
    scene.expect(rssMaxMb < 256, `${rssMaxMb} MB of memory`)
  },
}
