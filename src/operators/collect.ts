import { bufferTime, connect, exhaustMap, type OperatorFunction, type SchedulerLike, startWith, take } from 'rxjs'

/** A window closes `ms` after its first value, or with value number `count`. */
export interface Window {
  readonly ms: number
  readonly count: number
}

/**
 * Collects values in windows that their first value opens. Unlike `bufferTime` alone, it needs no timer while there are no
 * values, and never emits an empty array.
 */
export const collect = <T>(window: Window, clock: SchedulerLike): OperatorFunction<T, T[]> =>
  connect(values =>
    values.pipe(
      exhaustMap(first => values.pipe(startWith(first), bufferTime(window.ms, null, window.count, clock), take(1))),
    ),
  )
