import {
  concat,
  defer,
  EMPTY,
  endWith,
  ignoreElements,
  mergeMap,
  type Observable,
  type ObservableInput,
  of,
  type OperatorFunction,
} from 'rxjs'
import { type Batch } from '../ledger/batches.ts'
import { type Accepted, type KafkaRecord, type Outcome, type Rejected, type Settled } from '../record.ts'
import { halving } from './halve.ts'
import { persistently, type Retrying } from './retry.ts'

/** Where rows go. */
export interface Table {
  /**
   * Writes changes of one table partition; completes when they are durable.
   *
   * @throws Fault when the surroundings are in trouble, Refused when the server refuses one of these rows; anything else
   * is a bug.
   */
  write(changes: readonly Accepted[]): ObservableInput<unknown>
}

const settled = (as: Outcome, records: readonly KafkaRecord[]): Settled[] =>
  records.length === 0 ? [] : [{ kind: 'settled', as, records }]

/**
 * Batches into the table, several at once, each tried until it is written. In a refused batch the refused row is found
 * by halving; it is rejected, and what it had superseded is written in its place.
 */
export const write = (
  table: Table,
  concurrency: number,
  retrying: Retrying,
): OperatorFunction<Batch | Rejected, Settled | Rejected> => {
  const writeVersions = (batch: Batch, versions: readonly Accepted[]): Observable<Settled | Rejected> =>
    halving(
      versions,
      some =>
        defer(() => table.write(some)).pipe(
          // The retry is inside: a batch waits for its fault to pass, its neighbours go through.
          persistently(retrying),
          ignoreElements(),
          endWith(
            ...settled(
              'written',
              some.map(({ record }) => record),
            ),
            ...settled('superseded', batch.recordsSupersededBy(some)),
          ),
        ),
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

  return mergeMap(item => {
    if (item.kind === 'rejected') return of(item)
    const batch = item.take()
    return writeVersions(batch, batch.versions)
  }, concurrency)
}
