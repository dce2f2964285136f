import { VirtualTimeScheduler } from 'rxjs'
import { Events } from '../../src/observe/events.ts'
import { History } from '../../src/observe/history.ts'
import { type Log } from '../../src/observe/log.ts'
import { type Observed } from '../../src/observe/observed.ts'
import { Servers } from '../../src/observe/servers.ts'
import { StallWatch } from '../../src/observe/stall.ts'

const ignore = (): void => undefined
const silent: Log = { error: ignore, warn: ignore, info: ignore, debug: ignore, close: () => Promise.resolve() }

/** A worker that is observed, without a server and with a clock that stands at `frame` milliseconds. */
export const observedWorker = (): Observed & { readonly clock: VirtualTimeScheduler } => {
  const clock = new VirtualTimeScheduler()
  clock.now = () => clock.frame
  const events = new Events(silent, silent, clock)
  return {
    clock,
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
    driver: { responses: 0, errors: { other: 0 }, retries: { other: 0 }, state: () => undefined },
    log: { linesDropped: 0 },
    now: () => clock.now(),
  }
}
