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

/** A row that was refused alone. Nobody knows yet whether the row is at fault or the server refuses every row. */
export interface Suspect {
  readonly kind: 'suspect'
  readonly batch: Batch
  readonly version: Accepted
  /** The moment in the evidence from which on an accepted row speaks against this one. */
  readonly refusedAt: number
}

/** What is done with a suspect. */
export interface Verdicts {
  /** Sends it again; fails with InvalidRequest when it is refused again. */
  readonly retry: (suspect: Suspect) => Observable<Settled>
  /** The row is to blame. What this gives may be suspects again: what it had superseded is written in its place. */
  readonly blame: (suspect: Suspect, refusal: InvalidRequest) => Observable<Settled | Rejected | Suspect>
}

const undecided = ({ message }: InvalidRequest): Fault =>
  new Fault('misconfigured', `the table refuses a row, and has accepted no other since: ${message}`)

/**
 * Sends refused rows again. First those that the evidence is against, which are to blame if they are refused again.
 * Without any such row only the next in turn is tried; when it is refused too, this is one fault, however many rows wait.
 * So a server that refuses every row gets one row a try, and no row becomes a dead letter.
 */
export const judge =
  (
    evidence: Evidence,
    { retry, blame }: Verdicts,
    concurrency: number,
    waiting: Retrying,
  ): OperatorFunction<Suspect, Settled | Rejected> =>
  suspects =>
    defer(() => {
      let queue: Suspect[] = []
      const isToBlame = ({ version, refusedAt }: Suspect): boolean => evidence.since(version.change.kind, refusedAt)

      const attempt = (suspect: Suspect): Observable<Settled | Rejected | Suspect> => {
        // Before it is sent: what is accepted only after that proves nothing.
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
        // In this time most get their evidence: their neighbours are on the way.
        delay(waiting.backoff.firstMs, waiting.clock),
        tap(suspect => queue.push(suspect)),
        exhaustMap(() => untilDecided),
      )
    })
