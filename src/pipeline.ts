import { type Observable, pipe, type SchedulerLike } from 'rxjs'
import { type BatchLimits } from './ledger/batches.ts'
import { type InFlight, type InFlightLedger } from './ledger/in-flight.ts'
import { OffsetLedger } from './ledger/offsets.ts'
import { Intake, type IntakeWatch } from './operators/backpressure.ts'
import { batch } from './operators/batch.ts'
import { commit, track } from './operators/commit.ts'
import { deadLetter, type DeadLetterTopic, type DeadLetterWatch } from './operators/dead-letter.ts'
import { flatten, type WriteOrder } from './operators/flatten.ts'
import { forAccepted } from './operators/for-accepted.ts'
import { parse } from './operators/parse.ts'
import { type Backoff, type FaultWatch, type Retrying } from './operators/retry.ts'
import { type Table, write } from './operators/write.ts'
import { type Position } from './model/record.ts'
import { type Step } from './model/step.ts'
import { type Source } from './operators/source.ts'
import { type PackedStream } from './model/change.ts'

/** Observes the pipeline. The pipeline does not depend on what its methods do. */
export interface Observer extends IntakeWatch, DeadLetterWatch {
  /** Observes the faults of one step. */
  watch(step: Step): FaultWatch
}

/** Everything outside the pipeline: servers, clock, random numbers, and the observer. */
export interface Dependencies {
  readonly source: Source
  readonly table: Table
  readonly deadLetters: DeadLetterTopic
  readonly observer: Observer
  /** The pipeline counts the records in flight here; others may read it. */
  readonly inFlight: InFlightLedger
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

// Half of what topics allow by default for the letters of one request and partition (max.message.bytes, 1 MiB).
const letterBytes = 524_288

/**
 * The whole path of a record. Emits every commit. Completes when the source has completed and all its records are settled
 * and committed. An error is a bug of ours and must end the process.
 */
export const pipeline = (
  stream: PackedStream,
  settings: PipelineSettings,
  { source, table, deadLetters, observer, inFlight, clock, random }: Dependencies,
): Observable<readonly Position[]> => {
  const { writeOrder, windowMs, batch: limits, writeConcurrency: concurrency, commitIntervalMs: intervalMs } = settings
  const { backoff } = settings
  const window = { ms: windowMs, count: settings.inFlight.records }
  const offsets = new OffsetLedger()
  const intake = new Intake(source, inFlight, settings.inFlight, observer)
  const waiting = (step: Step): Retrying => ({ backoff, clock, random, watch: observer.watch(step) })
  /** The same, and reading pauses meanwhile. */
  const retrying = (step: Step): Retrying => ({ ...waiting(step), watch: intake.holding(observer.watch(step)) })

  return source.records.pipe(
    track(offsets), //                                                    each record, by partition, in order
    intake.admit(), //                                                    in flight; at the limit reading pauses
    parse(stream), //                                                     KafkaRecord -> Parsed | Rejected
    flatten(stream, writeOrder), //                                       Parsed -> Accepted | Rejected
    // A rejected record bypasses batches and writers.
    forAccepted(
      pipe(
        batch(window, limits, clock), //                                  Accepted -> Batch, open while it waits
        write(table, concurrency, retrying('write'), waiting('write')), // Batch -> Settled | Rejected
      ),
    ),
    deadLetter(deadLetters, observer, window, letterBytes, retrying('dead-letter')), // Rejected -> Settled
    intake.release(), //                                                  out of flight; at half the limit reading resumes
    commit(source, offsets, intervalMs, retrying('commit')), //           Settled -> committed positions
  )
}
