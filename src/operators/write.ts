import {
  catchError,
  concat,
  defaultIfEmpty,
  defer,
  EMPTY,
  endWith,
  ignoreElements,
  mergeMap,
  type Observable,
  type ObservableInput,
  of,
  type OperatorFunction,
  throwError,
} from 'rxjs'
import { type Batch } from '../ledger/batches.ts'
import { type Accepted, type KafkaRecord, type Outcome, type Rejected, type Settled } from '../model/record.ts'
import { halving } from './halve.ts'
import { persistently, type Retrying } from './retry.ts'

/** Where rows go. */
export interface Table {
  /**
   * Writes changes of one table partition; completes when they are durable.
   *
   * @throws Fault when the surroundings are in trouble, InvalidRequest when the server refuses one of these rows; anything else
   * is a bug.
   */
  write(changes: readonly Accepted[]): ObservableInput<unknown>
}

const settled = (as: Outcome, records: readonly KafkaRecord[]): Settled => ({ kind: 'settled', as, records })

/** Gives at completion that these versions are written, and what they have superseded. */
const settling = (batch: Batch, versions: readonly Accepted[]): OperatorFunction<never, Settled> => {
  const written = settled(
    'written',
    versions.map(({ record }) => record),
  )
  const superseded = batch.recordsSupersededBy(versions)
  return superseded.length === 0 ? defaultIfEmpty(written) : endWith(written, settled('superseded', superseded))
}

/**
 * Batches into the table, several at once, each tried until it is written. In a refused batch the refused row is found
 * by halving; it is rejected, and what it had superseded is written in its place.
 */
export const write = (
  table: Table,
  concurrency: number,
  retrying: Retrying,
): OperatorFunction<Batch | Rejected, Settled | Rejected> => {
  /** @param failure what the first try has met, when it was made already */
  const writeVersions = (
    batch: Batch,
    versions: readonly Accepted[],
    failure?: unknown,
  ): Observable<Settled | Rejected> => {
    let known = failure
    const attempt = (some: readonly Accepted[]): ObservableInput<unknown> => {
      if (known === undefined) return table.write(some)
      const error = known
      known = undefined
      return throwError(() => error)
    }
    return halving(
      versions,
      some =>
        // The retry is inside: a batch waits for its fault to pass, its neighbours go through.
        defer(() => attempt(some)).pipe(persistently(retrying), ignoreElements(), settling(batch, some)),
      (version, refusal) => {
        const { record } = version
        const instead = batch.supersededBy(version)
        return concat(
          of<Rejected>({
            kind: 'rejected',
            record,
            stage: 'write',
            reason: 'refused-by-table',
            message: refusal.message,
          }),
          instead.length === 0 ? EMPTY : writeVersions(batch, instead),
        )
      },
    )
  }

  return mergeMap(item => {
    if (item.kind === 'rejected') return of(item)
    const batch = item.take()
    const { versions } = batch
    // What waits for faults and finds refused rows costs as much as a write: it is made only when the first try fails.
    return defer(() => table.write(versions)).pipe(
      ignoreElements(),
      settling(batch, versions),
      catchError(failure => writeVersions(batch, versions, failure)),
    )
  }, concurrency)
}
