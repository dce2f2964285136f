import {
  auditTime,
  concat,
  concatMap,
  connect,
  defer,
  EMPTY,
  endWith,
  filter,
  finalize,
  from,
  ignoreElements,
  type MonoTypeOperatorFunction,
  type Observable,
  type ObservableInput,
  type OperatorFunction,
  takeUntil,
  tap,
} from 'rxjs'
import { type OffsetLedger } from '../ledger/offsets.ts'
import { type KafkaRecord, type Position, type Settled } from '../model/record.ts'
import { persistently, type Retrying } from './retry.ts'

/** Where offsets are committed. */
export interface Committer {
  /**
   * Commits the positions of the current assignment, and returns those that it committed.
   *
   * @throws Fault if the group coordinator cannot commit them
   */
  commit(positions: readonly Position[]): ObservableInput<readonly Position[]>
  /** Emits assignments that have ended. Nothing that they read can be committed any more. */
  readonly ended: Observable<number>
}

/** Adds every record to the ledger. */
export const track = (offsets: OffsetLedger): MonoTypeOperatorFunction<KafkaRecord> =>
  tap(record => offsets.read(record))

/**
 * Commits the offsets of settled records: an interval after the first record, repeatedly while records settle, and once more
 * at the end. A commit that fails is retried with the positions of that time. Emits what was committed, which
 * excludes assignments that have ended.
 */
export const commit = (
  committer: Committer,
  offsets: OffsetLedger,
  intervalMs: number,
  retrying: Retrying,
): OperatorFunction<Settled, readonly Position[]> => {
  const commitNow: Observable<readonly Position[]> = defer(() => {
    const positions = offsets.committable()
    if (positions.length === 0) return EMPTY
    return from(committer.commit(positions)).pipe(
      filter(committed => committed.length > 0),
      tap(committed => offsets.committed(committed)),
    )
  }).pipe(persistently(retrying))

  const committing: OperatorFunction<Settled, readonly Position[]> = connect(settled =>
    concat(
      settled.pipe(
        tap(({ records }) => records.forEach(record => offsets.settle(record))),
        auditTime(intervalMs, retrying.clock),
        // The last commit does not wait for the interval.
        takeUntil(settled.pipe(ignoreElements(), endWith('all settled'))),
        concatMap(() => commitNow),
      ),
      commitNow,
    ),
  )

  return settled =>
    defer(() => {
      const ending = committer.ended.subscribe(assignment => offsets.end(assignment))
      return settled.pipe(
        committing,
        finalize(() => ending.unsubscribe()),
      )
    })
}
