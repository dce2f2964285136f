import {
  catchError,
  defer,
  delay,
  EMPTY,
  exhaustMap,
  from,
  mergeMap,
  type Observable,
  of,
  type OperatorFunction,
  repeat,
  tap,
  throwError,
} from 'rxjs'
import { type Batch } from '../ledger/batches.ts'
import { type Evidence } from '../ledger/evidence.ts'
import { Fault, InvalidRequest } from '../model/faults.ts'
import { type Accepted, type Rejected, type Settled } from '../model/record.ts'
import { persistently, type Retrying } from './retry.ts'

/** A row that was refused by itself. Either the row is bad, or the server refuses every row. */
export interface Suspect {
  readonly kind: 'suspect'
  readonly batch: Batch
  readonly version: Accepted
  /** If a row that was sent after this moment is accepted, it is evidence against this one. */
  readonly refusedAt: number
}

/** What to do with a suspect. */
export interface SuspectActions {
  /** Sends it again; fails with InvalidRequest if it is refused again. */
  readonly retry: (suspect: Suspect) => Observable<Settled>
  /** Rejects the row, and writes the versions that it superseded in its place. These may become suspects too. */
  readonly blame: (suspect: Suspect, error: InvalidRequest) => Observable<Settled | Rejected | Suspect>
}

const undecided = ({ message }: InvalidRequest): Fault =>
  new Fault('misconfigured', `the table refuses a row, and has not accepted any other since: ${message}`)

/**
 * Retries refused rows. Rows with evidence against them come first, and are to blame if they are refused again. Without such
 * rows, only the next row is retried. If it is refused, that is one fault, however many rows wait. So a server that
 * refuses every row gets one row at a time, and no row becomes a dead letter.
 */
export const judge =
  (
    evidence: Evidence,
    { retry, blame }: SuspectActions,
    concurrency: number,
    waiting: Retrying,
  ): OperatorFunction<Suspect, Settled | Rejected> =>
  suspects =>
    defer(() => {
      let queue: Suspect[] = []
      const isToBlame = ({ version, refusedAt }: Suspect): boolean => evidence.since(version.change.kind, refusedAt)

      const attempt = (suspect: Suspect): Observable<Settled | Rejected | Suspect> => {
        // Checked before it is sent: a row that is accepted later proves nothing.
        const blamed = isToBlame(suspect)
        return retry(suspect).pipe(
          catchError((error: unknown) => {
            if (!(error instanceof InvalidRequest)) return throwError(() => error)
            if (blamed) return blame(suspect, error)
            queue.push(suspect)
            return throwError(() => undecided(error))
          }),
        )
      }

      const turn = defer(() => {
        const decidable = queue.filter(isToBlame)
        const taken = decidable.length > 0 ? decidable : queue.slice(0, 1)
        queue = decidable.length > 0 ? queue.filter(suspect => !isToBlame(suspect)) : queue.slice(1)
        return from(taken).pipe(mergeMap(attempt, concurrency))
      })

      const untilDecided = turn.pipe(
        mergeMap(item => {
          if (item.kind !== 'suspect') return of(item)
          queue.push(item)
          return EMPTY
        }),
        repeat({ delay: () => (queue.length > 0 ? of('next') : EMPTY) }),
        persistently(waiting),
      )

      return suspects.pipe(
        // Most get their evidence in this time, because other rows are on their way.
        delay(waiting.backoff.firstMs, waiting.clock),
        tap(suspect => queue.push(suspect)),
        exhaustMap(() => untilDecided),
      )
    })
