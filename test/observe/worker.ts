import { VirtualTimeScheduler } from 'rxjs'
import { InFlightLedger } from '../../src/ledger/in-flight.ts'
import { Events } from '../../src/observe/events.ts'
import { History } from '../../src/observe/page/history.ts'
import { type Log } from '../../src/observe/log/log.ts'
import { type Telemetry } from '../../src/observe/telemetry.ts'
import { Servers } from '../../src/observe/health/servers.ts'
import { StallWatch } from '../../src/observe/health/stall.ts'

const ignore = (): void => undefined
const silent: Log = { error: ignore, warn: ignore, info: ignore, debug: ignore, close: () => Promise.resolve() }

/** The telemetry of a worker without servers, with a clock that stands at `frame` milliseconds. */
export const telemetryOf = (): Telemetry & {
  readonly clock: VirtualTimeScheduler
  readonly inFlight: InFlightLedger
} => {
  const clock = new VirtualTimeScheduler()
  clock.now = () => clock.frame
  const inFlight = new InFlightLedger()
  const events = new Events(silent, silent, clock, inFlight)
  return {
    clock,
    inFlight,
    stream: 'things',
    version: '1.2.3',
    instance: 'pod-1',
    startedAt: 0,
    topic: 'local.things',
    deadLetterTopic: 'local.things.failed',
    group: 'group',
    table: 'things.thing',
    bound: { records: 100, bytes: 100_000 },
    inForce: [],
    events,
    servers: new Servers(),
    history: new History(events.counts),
    stall: new StallWatch(60_000, 0),
    driver: {
      responses: 0,
      speculativeExecutions: 0,
      errors: { other: 0 },
      retries: { other: 0 },
      state: () => undefined,
    },
    audited: () => undefined,
    log: { linesDropped: 0 },
    now: () => clock.now(),
  }
}
