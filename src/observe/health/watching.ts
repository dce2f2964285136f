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

/** Something that answers while the server can be used. */
export type Question = () => Promise<unknown>

const secondMs = 1000
const patienceMs = 20_000

const asked = (question: Question, clock: SchedulerLike): Observable<Fault | undefined> =>
  defer(() => from(question())).pipe(
    timeout({ each: patienceMs, scheduler: clock }),
    map(() => undefined),
    catchError((error: unknown) =>
      of(error instanceof Fault ? error : new Fault('transient', `no answer within ${patienceMs / secondMs} s`)),
    ),
  )

/** Asks a server again and again, one question at a time, and notes whether it answered. */
export const keepProbing = (
  { servers }: Pick<Telemetry, 'servers'>,
  name: ServerName,
  question: Question,
  intervalMs: number,
  clock: SchedulerLike,
): Observable<void> =>
  timer(0, intervalMs, clock).pipe(
    exhaustMap(() => asked(question, clock)),
    map(fault => servers.asked(name, fault)),
  )

/** What the stall watch looks at, gathered. */
export const activityOf = ({ events, servers, driver }: Telemetry): Activity => {
  const { counts, partitions, troubles, phase, inFlight } = events
  const { written, superseded, 'dead-lettered': deadLettered } = counts.settled
  const positions = partitions.states.reduce((sum, { position = 0 }) => sum + position, 0)
  const errors = Object.values(driver.errors).reduce((sum, count) => sum + count, 0)
  const moved = [counts.read, written, superseded, deadLettered, counts.commits, counts.rebalances, counts.retried]
  return {
    moved: moved.reduce((sum, count) => sum + count, positions + errors),
    // A Kafka that does not answer is known: the lag is what it was, and nobody can read.
    due:
      servers.answer('kafka')?.usable !== false &&
      (phase !== 'running' || inFlight.records > 0 || partitions.readable > 0),
    quietUntil: Math.max(0, ...[...troubles.values()].map(({ nextTryAt }) => nextTryAt)),
  }
}

/** Once a second: the history grows, and the stall watch looks. */
export const keepWatching = (telemetry: Telemetry, clock: SchedulerLike): Observable<void> =>
  interval(secondMs, clock).pipe(
    map(() => {
      const { events, history, stall } = telemetry
      history.tick(events.partitions.lag, events.inFlight.records)
      stall.look(activityOf(telemetry), telemetry.now())
    }),
  )
