import { bufferTime, connect, exhaustMap, type OperatorFunction, type SchedulerLike, startWith, take } from 'rxjs'

/** A window closes `ms` after its first value, or with its `count`th. */
export interface Window {
  readonly ms: number
  readonly count: number
}

/**
 * Gathers values in windows that the first value opens: unlike a bare `bufferTime` there is no timer while nothing comes
 * and never an empty array.
 */
export const collect = <T>(window: Window, clock: SchedulerLike): OperatorFunction<T, T[]> =>
  connect(values =>
    values.pipe(
      exhaustMap(first => values.pipe(startWith(first), bufferTime(window.ms, null, window.count, clock), take(1))),
    ),
  )
