import {
  catchError,
  defer,
  exhaustMap,
  from,
  interval,
  map,
  type Observable,
  of,
  type SchedulerLike,
  timeout,
  timer,
} from 'rxjs'
import { Fault } from '../../model/faults.ts'
import { type Activity } from './stall.ts'
import { type Telemetry } from '../telemetry.ts'
import { type ServerName } from './servers.ts'

/** Resolves if the server can be used. */
export type Probe = () => Promise<unknown>

const secondMs = 1000
const patienceMs = 20_000

const probed = (probe: Probe, clock: SchedulerLike): Observable<Fault | undefined> =>
  defer(() => from(probe())).pipe(
    timeout({ each: patienceMs, scheduler: clock }),
    map(() => undefined),
    catchError((error: unknown) =>
      of(error instanceof Fault ? error : new Fault('transient', `no answer within ${patienceMs / secondMs} s`)),
    ),
  )

/** Probes a server at an interval, one probe at a time, and stores the result. */
export const keepProbing = (
  { servers }: Pick<Telemetry, 'servers'>,
  name: ServerName,
  probe: Probe,
  intervalMs: number,
  clock: SchedulerLike,
): Observable<void> =>
  timer(0, intervalMs, clock).pipe(
    exhaustMap(() => probed(probe, clock)),
    map(fault => servers.probed(name, fault)),
  )

/** The input of the stall watch. */
export const activityOf = ({ events, servers, driver }: Telemetry): Activity => {
  const { counts, partitions, troubles, phase, inFlight } = events
  const { written, superseded, 'dead-lettered': deadLettered } = counts.settled
  const positions = partitions.states.reduce((sum, { position = 0 }) => sum + position, 0)
  const errors = Object.values(driver.errors).reduce((sum, count) => sum + count, 0)
  const moved = [counts.read, written, superseded, deadLettered, counts.commits, counts.rebalances, counts.retried]
  return {
    moved: moved.reduce((sum, count) => sum + count, positions + errors),
    // While Kafka is known to be down, the lag is stale and nothing can be read.
    hasWork:
      servers.answer('kafka')?.usable !== false &&
      (phase !== 'running' || inFlight.records > 0 || partitions.readable > 0),
    quietUntil: Math.max(0, ...[...troubles.values()].map(({ nextTryAt }) => nextTryAt)),
  }
}

/** Updates the history and the stall watch every second. */
export const keepWatching = (telemetry: Telemetry, clock: SchedulerLike): Observable<void> =>
  interval(secondMs, clock).pipe(
    map(() => {
      const { events, history, stall } = telemetry
      history.tick(events.partitions.lag, events.inFlight.records)
      stall.look(activityOf(telemetry), telemetry.now())
    }),
  )
