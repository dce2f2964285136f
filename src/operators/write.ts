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

/** Where rows are written. */
export interface Table {
  /**
   * Writes changes of one table partition; completes when they are durable.
   *
   * @throws Fault if Cassandra or the network fails; InvalidRequest if the server refuses the request, for one of these rows or
   * for another reason; any other error is a bug
   */
  write(changes: readonly Accepted[]): ObservableInput<unknown>
}

type Written = Settled | Rejected | Suspect

const isSuspect = (item: Written): item is Suspect => item.kind === 'suspect'
const isDecided = (item: Written): item is Settled | Rejected => item.kind !== 'suspect'

const settled = (as: Outcome, records: readonly KafkaRecord[]): Settled => ({ kind: 'settled', as, records })

/** Emits, on completion, the records of these versions as written and those that they superseded. */
const settling = (batch: Batch, versions: readonly Accepted[]): OperatorFunction<never, Settled> => {
  const written = settled(
    'written',
    versions.map(({ record }) => record),
  )
  const superseded = batch.recordsSupersededBy(versions)
  return superseded.length === 0 ? defaultIfEmpty(written) : endWith(written, settled('superseded', superseded))
}

/**
 * Writes batches, several at once, and retries each until it is written. Halving finds the bad row of a refused batch. The
 * row is rejected once there is evidence against it, and the versions that it superseded are written in its place. Until then
 * it waits without occupying a writer.
 *
 * @param undecided how a refused row is retried without evidence; this must not pause reading, because another row has
 * to be the evidence
 */
export const write = (
  table: Table,
  concurrency: number,
  retrying: Retrying,
  undecided: Retrying,
): OperatorFunction<Batch, Settled | Rejected> => {
  const evidence = new Evidence()

  const send = (versions: readonly Accepted[]): Observable<never> =>
    defer(() => {
      const sentAt = evidence.next()
      return from(table.write(versions)).pipe(
        tap({ complete: () => evidence.accepted(versions, sentAt) }),
        ignoreElements(),
      )
    })

  /** @param failure the error of the first attempt */
  const writeAgain = (batch: Batch, versions: readonly Accepted[], failure: unknown): Observable<Written> => {
    let known = failure
    const attempt = (some: readonly Accepted[]): Observable<never> => {
      if (known === undefined) return send(some)
      const error = known
      known = undefined
      return throwError(() => error)
    }
    // The moments of the last two refusals. A row that is refused alone was refused with a neighbour before.
    let before: number | undefined
    let last: number | undefined
    const noteRefusal = (): void => {
      before = last
      last = evidence.next()
    }
    return halving<Accepted, Written>(
      versions,
      some =>
        // The retry is inside, so a batch waits for its fault while the others go through.
        defer(() => attempt(some)).pipe(persistently(retrying), tap({ error: noteRefusal }), settling(batch, some)),
      version => of<Suspect>({ kind: 'suspect', batch, version, refusedAt: before ?? last ?? evidence.next() }),
    )
  }

  // The operators for retry and halving cost as much as a write, so they are created only if the first attempt fails.
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

  const written = mergeMap((waiting: Batch): Observable<Written> => {
    const batch = waiting.take()
    return writeVersions(batch, batch.versions)
  }, concurrency)

  return batches =>
    batches.pipe(
      written,
      connect(shared =>
        merge(
          shared.pipe(filter(isDecided)),
          shared.pipe(filter(isSuspect), judge(evidence, { retry, blame }, concurrency, undecided)),
        ),
      ),
    )
}
