import { defer, finalize, type MonoTypeOperatorFunction, retry, type SchedulerLike, throwError, timer } from 'rxjs'
import { Fault } from '../model/faults.ts'

/** How long to wait before the next try, in milliseconds. */
export interface Backoff {
  readonly firstMs: number
  readonly capMs: number
}

/** Told of each fault that is waited out, and once of its end. */
export interface FaultWatch {
  faulted(fault: Fault, attempt: number, delayMs: number): void
  /** The step that had faults has ended: it went through, or it failed otherwise, or nobody waits for it any more. */
  over(): void
}

/** How one step tries again. */
export interface Retrying {
  readonly backoff: Backoff
  readonly watch: FaultWatch
  readonly clock: SchedulerLike
  /** From 0 to below 1. */
  readonly random: () => number
}

/**
 * `firstMs` doubled with every attempt up to `capMs`, and of that a random share between half and all. With 100 ms and
 * 30 s the cap is reached at the tenth attempt, after at most 51 s in all.
 */
export const delayMs = ({ firstMs, capMs }: Backoff, attempt: number, random: () => number): number =>
  Math.ceil((0.5 + random() / 2) * Math.min(capMs, firstMs * 2 ** (attempt - 1)))

/**
 * Subscribes again to its source after every Fault, for ever; any other error goes on. It belongs inside the inner
 * stream of one write: around a hot source it would lose what that source had already handed over.
 */
export const persistently =
  <T>({ backoff, watch, clock, random }: Retrying): MonoTypeOperatorFunction<T> =>
  source =>
    defer(() => {
      let faulted = false
      return source.pipe(
        retry({
          delay: (error: unknown, attempt) => {
            if (!(error instanceof Fault)) return throwError(() => error)
            const ms = delayMs(backoff, attempt, random)
            faulted = true
            watch.faulted(error, attempt, ms)
            return timer(ms, clock)
          },
        }),
        finalize(() => {
          if (faulted) watch.over()
        }),
      )
    })
