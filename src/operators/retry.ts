import { defer, finalize, type MonoTypeOperatorFunction, retry, type SchedulerLike, throwError, timer } from 'rxjs'
import { Fault } from '../model/faults.ts'

/** The delay before the next retry, in milliseconds. */
export interface Backoff {
  readonly firstMs: number
  readonly capMs: number
}

/** Notified of each fault of a step, and once of its end. */
export interface FaultWatch {
  faulted(fault: Fault, attempt: number, delayMs: number): void
  /** The step has ended after a fault: it succeeded, failed with another error, or was unsubscribed. */
  over(): void
}

/** How a step retries. */
export interface Retrying {
  readonly backoff: Backoff
  readonly watch: FaultWatch
  readonly clock: SchedulerLike
  /** From 0 to below 1. */
  readonly random: () => number
}

/**
 * `firstMs`, doubled with every attempt up to `capMs`, times a random factor between a half and one. With 100 ms and 30 s the
 * tenth attempt reaches the cap, after at most 51 s in total.
 */
export const delayMs = ({ firstMs, capMs }: Backoff, attempt: number, random: () => number): number =>
  Math.ceil((0.5 + random() / 2) * Math.min(capMs, firstMs * 2 ** (attempt - 1)))

/**
 * Resubscribes to its source after every Fault, forever; passes on any other error. Use it inside the inner stream of one
 * write: around a hot source it would lose the values that the source has already emitted.
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
