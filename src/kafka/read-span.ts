import { type Kafka } from 'kafkajs'
import { firstValueFrom, type SchedulerLike, timer } from 'rxjs'
import { Fault } from '../model/faults.ts'
import { type Taken } from './fetch/fetched.ts'
import { type FetchAt, withLeader } from './fetch/leader.ts'
import { RecordBatches } from './fetch/record-batches.ts'
import { createErrorFromCode } from './fetch/request.ts'
import { type Span } from './spans.ts'

const outOfRange = 1
const forbidden = 29
const tries = 6
const pauseMs = 2000
// Each fetch waits half a second for data.
const mostEmpty = 20

/** The requested offsets are not in the topic, or no longer. */
export class OutOfRange extends Error {}

/** Processes a record batch. */
export type VisitBatch = (taken: Taken) => void | Promise<void>

/** Holds an error of a visit. It must not look like one of the brokers, which is retried. */
class FailedVisit extends Error {}

const visiting = async (visit: VisitBatch, taken: Taken): Promise<void> => {
  try {
    await visit(taken)
  } catch (cause) {
    throw new FailedVisit('a visit failed', { cause })
  }
}

const read = async (
  fetchAt: FetchAt,
  { partition, from, to }: Span,
  visit: VisitBatch,
  reached: (position: number) => void,
  signal: AbortSignal,
): Promise<void> => {
  const isLeft = (offset: number): boolean => offset < to && !signal.aborted
  let position = from
  for (let empty = 0; isLeft(position);) {
    const fetched = await fetchAt(position)
    if (fetched.errorCode === outOfRange) throw new OutOfRange(`partition ${partition} has no offset ${position}`)
    // It does not pass by itself, and says what to allow.
    if (fetched.errorCode === forbidden) throw createErrorFromCode(forbidden)
    if (fetched.errorCode !== 0) {
      throw new Fault('transient', `a fetch of partition ${partition} failed with error ${fetched.errorCode}`)
    }
    const before = position
    const batches = new RecordBatches(fetched, position)
    for (let taken = await batches.take(); taken !== undefined && isLeft(position); taken = await batches.take()) {
      await visiting(visit, taken)
      position = taken.kind === 'records' ? taken.nextOffset : taken.lastOffset + 1
      reached(position)
      // The rest of this fetch cannot be read past it.
      if (taken.kind === 'undecodable') break
    }
    empty = position > before ? 0 : empty + 1
    if (empty === mostEmpty) throw new Fault('transient', `no data from partition ${partition} at offset ${position}`)
  }
}

/**
 * Visits the committed record batches of one partition in order, without a consumer group. The last batch may end after the
 * span. It waits for each visit. Once `signal` is aborted, it starts no other. If the broker is lost, it retries for some
 * seconds.
 *
 * @throws OutOfRange, Fault; any error of `visit`, at once
 */
export const readSpan = async (
  kafka: Kafka,
  topic: string,
  span: Span,
  visit: VisitBatch,
  signal: AbortSignal,
  clock: SchedulerLike,
): Promise<void> => {
  let { from } = span
  const reached = (position: number): void => void (from = position)
  for (let left = tries; from < span.to && !signal.aborted;) {
    const before = from
    try {
      await withLeader(kafka, topic, span.partition, fetchAt =>
        read(fetchAt, { ...span, from }, visit, reached, signal),
      )
      return
    } catch (error) {
      if (error instanceof FailedVisit) throw error.cause
      left = from > before ? tries : left - 1
      if (!(error instanceof Fault) || error.kind !== 'transient' || left === 0) throw error
      await firstValueFrom(timer(pauseMs, clock))
    }
  }
}
