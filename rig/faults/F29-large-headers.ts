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

/** The maximum of bytes in flight in the worker's metrics from now on. `limit` is the limit in the metrics. */
class InFlightWatch {
  most = 0
  limit = 0
  readings = 0
  #stopped = false

  async watch(worker: WorkerProcess, pause: () => Promise<void>): Promise<void> {
    while (!this.#stopped) {
      const metrics = await worker.page('metrics').catch(() => '')
      const bytes = gauge(metrics, 'in_flight_bytes')
      if (!Number.isNaN(bytes)) {
        this.readings += 1
        this.most = Math.max(this.most, bytes)
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
    const { most, limit, readings } = inFlight
    scene.seen['inFlightMaxMb'] = Math.round(most / 1_048_576)
    scene.expect(readings > 10 && most > limit / 2, `${most} bytes in flight in ${readings} readings prove nothing`)
    // One record batch may exceed the limit.
    scene.expect(most < limit + 2 * headerBytes, `${most} bytes in flight, above the limit of ${limit}`)
    const { rssMaxMb } = await scene.readings()
    scene.expect(rssMaxMb < 256, `${rssMaxMb} MB of memory`)
  },
}
