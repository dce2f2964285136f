import {
  catchError,
  concat,
  concatMap,
  connect,
  defer,
  filter,
  from,
  ignoreElements,
  merge,
  type Observable,
  type ObservableInput,
  of,
  type OperatorFunction,
  throwError,
} from 'rxjs'
import { Fault, InvalidRequest } from '../model/faults.ts'
import { type BatchLimits } from '../ledger/batches.ts'
import { type Rejected, type Settled } from '../model/record.ts'
import { collect, type Window } from './collect.ts'
import { halving } from './halve.ts'
import { persistently, type Retrying } from './retry.ts'

/** A rejected record as it is published. */
export interface DeadLetter {
  readonly rejected: Rejected
  /** True when the value is too large for the dead-letter topic and is left out; key and headers stay. */
  readonly withoutValue: boolean
}

/** Where dead letters go. */
export interface DeadLetterTopic {
  /**
   * Completes when all replicas have them.
   *
   * @throws Fault when Kafka is in trouble, InvalidRequest when a message is too large for the topic; anything else is a bug.
   */
  publish(letters: readonly DeadLetter[]): ObservableInput<unknown>
}

/** Told of every dead letter once it is published. */
export interface DeadLetterWatch {
  deadLettered(letter: DeadLetter): void
}

/** Cuts rejected records, in order, into groups of at most `maxBytes`. */
export const cutByBytes = (items: readonly Rejected[], maxBytes: number): Rejected[][] => {
  const groups: Rejected[][] = []
  let bytes = Infinity
  for (const item of items) {
    bytes += item.record.bytes
    if (bytes > maxBytes) {
      groups.push([])
      bytes = item.record.bytes
    }
    groups.at(-1)?.push(item)
  }
  return groups
}

// With nothing left to leave out it is the topic that must be mended, and the record waits.
const tooLargeWithoutValue = (refusal: InvalidRequest): Fault =>
  new Fault('misconfigured', `the dead-letter topic refuses even a message without value: ${refusal.message}`, refusal)

/**
 * Rejected records to the dead-letter topic, each tried until it is published: its offset moves only then. What is too
 * large goes there without its value.
 */
export const deadLetter = (
  topic: DeadLetterTopic,
  watch: DeadLetterWatch,
  window: Window,
  limits: BatchLimits,
  retrying: Retrying,
): OperatorFunction<Settled | Rejected, Settled> => {
  const attempt = (letters: readonly DeadLetter[]): Observable<Settled> =>
    concat(
      defer(() => from(topic.publish(letters))).pipe(
        ignoreElements(),
        catchError((error: unknown) => {
          const final = error instanceof InvalidRequest && letters.every(({ withoutValue }) => withoutValue)
          return throwError(() => (final ? tooLargeWithoutValue(error) : error))
        }),
        persistently(retrying),
      ),
      defer(() => {
        letters.forEach(letter => watch.deadLettered(letter))
        return of<Settled>({
          kind: 'settled',
          as: 'dead-lettered',
          records: letters.map(({ rejected }) => rejected.record),
        })
      }),
    )

  const publish = (group: readonly Rejected[]): Observable<Settled> =>
    halving(
      group.map(rejected => ({ rejected, withoutValue: false })),
      attempt,
      ({ rejected }) => attempt([{ rejected, withoutValue: true }]),
    )

  return connect(items =>
    merge(
      items.pipe(filter(item => item.kind === 'settled')),
      items.pipe(
        filter(item => item.kind === 'rejected'),
        collect({ ms: window.ms, count: limits.rows }, retrying.clock),
        concatMap(chunk => cutByBytes(chunk, limits.bytes)),
        concatMap(publish),
      ),
    ),
  )
}
