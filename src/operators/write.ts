import {
  catchError,
  concat,
  connect,
  defaultIfEmpty,
  defer,
  EMPTY,
  endWith,
  filter,
  from,
  ignoreElements,
  merge,
  mergeMap,
  type Observable,
  type ObservableInput,
  of,
  type OperatorFunction,
  tap,
  throwError,
} from 'rxjs'
import { type Batch } from '../ledger/batches.ts'
import { Evidence } from '../ledger/evidence.ts'
import { type InvalidRequest } from '../model/faults.ts'
import { type Accepted, type KafkaRecord, type Outcome, type Rejected, type Settled } from '../model/record.ts'
import { halving } from './halve.ts'
import { judge, type Suspect } from './judge.ts'
import { persistently, type Retrying } from './retry.ts'

/** Where rows go. */
export interface Table {
  /**
   * Writes changes of one table partition; completes when they are durable.
   *
   * @throws Fault when the surroundings are in trouble, InvalidRequest when the server refuses the request, be it for one
   * of these rows or for a reason that only the server knows; anything else is a bug.
   */
  write(changes: readonly Accepted[]): ObservableInput<unknown>
}

type Written = Settled | Rejected | Suspect

const isSuspect = (item: Written): item is Suspect => item.kind === 'suspect'
const isDecided = (item: Written): item is Settled | Rejected => item.kind !== 'suspect'

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
 * by halving. It is rejected once there is evidence against it, and what it had superseded is written in its place.
 * Until then it waits beside the writers and takes none of them.
 *
 * @param undecided how a refused row is tried while there is no evidence; this must not hold the intake, or no other
 * row would come as evidence
 */
export const write = (
  table: Table,
  concurrency: number,
  retrying: Retrying,
  undecided: Retrying,
): OperatorFunction<Batch | Rejected, Settled | Rejected> => {
  const evidence = new Evidence()

  const send = (versions: readonly Accepted[]): Observable<never> =>
    defer(() => {
      const sentAt = evidence.next()
      return from(table.write(versions)).pipe(
        tap({ complete: () => evidence.accepted(versions, sentAt) }),
        ignoreElements(),
      )
    })

  /** @param failure what the first try has met */
  const writeAgain = (batch: Batch, versions: readonly Accepted[], failure: unknown): Observable<Written> => {
    let known = failure
    const attempt = (some: readonly Accepted[]): Observable<never> => {
      if (known === undefined) return send(some)
      const error = known
      known = undefined
      return throwError(() => error)
    }
    // The moments of the last refusals. Who is refused alone was, before that, refused with a neighbour.
    let before: number | undefined
    let last: number | undefined
    const noteRefusal = (): void => {
      before = last
      last = evidence.next()
    }
    return halving<Accepted, Written>(
      versions,
      some =>
        // The retry is inside: a batch waits for its fault to pass, its neighbours go through.
        defer(() => attempt(some)).pipe(persistently(retrying), tap({ error: noteRefusal }), settling(batch, some)),
      version => of<Suspect>({ kind: 'suspect', batch, version, refusedAt: before ?? last ?? evidence.next() }),
    )
  }

  // What waits for faults and finds refused rows costs as much as a write: it is made only when the first try fails.
  const writeVersions = (batch: Batch, versions: readonly Accepted[]): Observable<Written> =>
    send(versions).pipe(
      settling(batch, versions),
      catchError(failure => writeAgain(batch, versions, failure)),
    )

  const retry = ({ batch, version }: Suspect): Observable<Settled> =>
    send([version]).pipe(persistently(retrying), settling(batch, [version]))

  const blame = ({ batch, version }: Suspect, { message }: InvalidRequest): Observable<Written> => {
    const instead = batch.supersededBy(version)
    return concat(
      of<Rejected>({ kind: 'rejected', record: version.record, stage: 'write', reason: 'refused-by-table', message }),
      instead.length === 0 ? EMPTY : writeVersions(batch, instead),
    )
  }

  const written = mergeMap((item: Batch | Rejected): Observable<Written> => {
    if (item.kind === 'rejected') return of(item)
    const batch = item.take()
    return writeVersions(batch, batch.versions)
  }, concurrency)

  return items =>
    items.pipe(
      written,
      connect(shared =>
        merge(
          shared.pipe(filter(isDecided)),
          shared.pipe(filter(isSuspect), judge(evidence, { retry, blame }, concurrency, undecided)),
        ),
      ),
    )
}
