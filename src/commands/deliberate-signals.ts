import { defer, filter, type MonoTypeOperatorFunction, type SchedulerLike } from 'rxjs'
import { type StopSignal } from './edge.ts'

const patienceMs = 1000

/**
 * Leaves out signals within a second after the first. One Ctrl-C may arrive twice, from the terminal and from npm, so only a
 * later one means that somebody does not want to wait.
 */
export const deliberate =
  (clock: Pick<SchedulerLike, 'now'>): MonoTypeOperatorFunction<StopSignal> =>
  signals =>
    defer(() => {
      let first: number | undefined
      return signals.pipe(
        filter(() => {
          const isFirst = first === undefined
          first ??= clock.now()
          return isFirst || clock.now() - first > patienceMs
        }),
      )
    })
