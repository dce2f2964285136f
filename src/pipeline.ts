import { type Observable, type SchedulerLike } from 'rxjs'
import { type BatchLimits } from './ledger/batches.ts'
import { type InFlight } from './ledger/in-flight.ts'
import { OffsetLedger } from './ledger/offsets.ts'
import { Intake } from './operators/backpressure.ts'
import { batch } from './operators/batch.ts'
import { commit, track } from './operators/commit.ts'
import { deadLetter, type DeadLetterTopic } from './operators/dead-letter.ts'
import { flatten, type WriteOrder } from './operators/flatten.ts'
import { parse } from './operators/parse.ts'
import { type Backoff, type Retrying } from './operators/retry.ts'
import { type Table, write } from './operators/write.ts'
import { type Step } from './observe/metrics/counts.ts'
import { type Events } from './observe/events.ts'
import { type Position } from './model/record.ts'
import { type Source } from './operators/source.ts'
import { type PackedStream } from './model/change.ts'

/** What is outside: servers, time and chance. */
export interface Surroundings {
  readonly source: Source
  readonly table: Table
  readonly deadLetters: DeadLetterTopic
  readonly events: Events
  readonly clock: SchedulerLike
  readonly random: () => number
}

export interface PipelineSettings {
  readonly writeOrder: WriteOrder
  readonly inFlight: InFlight
  readonly windowMs: number
  readonly batch: BatchLimits
  readonly writeConcurrency: number
  readonly commitIntervalMs: number
  readonly backoff: Backoff
}

/**
 * The whole way of a record. Gives every commit; completes when the source has completed and everything it gave is
 * settled and committed; an error is a bug of ours and must end the process.
 */
export const pipeline = (
  stream: PackedStream,
  settings: PipelineSettings,
  { source, table, deadLetters, events, clock, random }: Surroundings,
): Observable<readonly Position[]> => {
  const { writeOrder, windowMs, batch: limits, writeConcurrency: concurrency, commitIntervalMs: intervalMs } = settings
  const { backoff } = settings
  const window = { ms: windowMs, count: settings.inFlight.records }
  const offsets = new OffsetLedger()
  const intake = new Intake(source, settings.inFlight, events)
  events.inFlight = intake.inFlight
  const retrying = (step: Step): Retrying => ({ backoff, watch: events.watch(step, intake), clock, random })

  return source.records.pipe(
    track(offsets), //                                                    what is read, by partition, in order
    intake.admit(), //                                                    in flight; at the bound reading pauses
    parse({ read: events.timed('parse', stream.read) }), //               KafkaRecord -> Parsed | Rejected
    flatten({ flatten: events.timed('flatten', stream.flatten) }, writeOrder), // Parsed -> Accepted | Rejected
    batch(window, limits, clock), //                        Accepted -> Batch, open while it waits
    write(table, concurrency, retrying('write')), //                      Batch -> Settled | Rejected
    deadLetter(deadLetters, events, window, limits, retrying('dead-letter')), // Rejected -> Settled
    intake.release(), //                                                  out of flight; at half the bound reading resumes
    commit(source, offsets, intervalMs, retrying('commit')), //           Settled -> committed positions
  )
}
