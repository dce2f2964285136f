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
   * Commits those of the positions that belong to the current assignment, and gives what it has committed.
   *
   * @throws Fault when the group's coordinator cannot take them.
   */
  commit(positions: readonly Position[]): ObservableInput<readonly Position[]>
  /** The assignments that have ended: nothing that they read can be committed any more. */
  readonly ended: Observable<number>
}

/** Puts every record read into the ledger. */
export const track = (offsets: OffsetLedger): MonoTypeOperatorFunction<KafkaRecord> =>
  tap(record => offsets.read(record))

/**
 * Settled records become committed offsets: an interval after the first one, then again as long as something settles,
 * and once more when all is settled. A commit that fails is tried again with what may be committed by then. Gives what
 * was committed; what was read in an assignment that has ended is not.
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
        // At the end the last commit does not wait for the interval.
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
