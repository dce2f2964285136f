import {
  catchError,
  concat,
  concatMap,
  connect,
  defer,
  filter,
  from,
  ignoreElements,
  map,
  merge,
  type Observable,
  type ObservableInput,
  of,
  type OperatorFunction,
  tap,
  throwError,
} from 'rxjs'
import { Fault, InvalidRequest } from '../model/faults.ts'
import { type BatchLimits } from '../ledger/batches.ts'
import { type KafkaRecord, type Rejected, type Settled } from '../model/record.ts'
import { collect, type Window } from './collect.ts'
import { asItIs, type DeadLetter, lessAndLess, sizeOf } from './letter-forms.ts'
import { halving } from './halve.ts'
import { persistently, type Retrying } from './retry.ts'

/** Where dead letters go. */
export interface DeadLetterTopic {
  /**
   * Completes when all replicas have them. All letters of a call have the same `compressed`.
   *
   * @throws Fault if Kafka fails, InvalidRequest if a message is too large for the topic; any other error is a bug
   */
  publish(letters: readonly DeadLetter[]): ObservableInput<unknown>
}

/** Notified of every dead letter that is published. */
export interface DeadLetterWatch {
  deadLettered(letter: DeadLetter): void
}

/** Splits rejected records, in order, into groups of at most `maxBytes`. A larger record is a group of its own. */
export const cutByBytes = (items: readonly Rejected[], maxBytes: number): Rejected[][] => {
  const groups: Rejected[][] = []
  let bytes = Infinity
  for (const item of items) {
    bytes += sizeOf(item.record)
    if (bytes > maxBytes) {
      groups.push([])
      bytes = sizeOf(item.record)
    }
    groups.at(-1)?.push(item)
  }
  return groups
}

const topicTakesNothing = (error: InvalidRequest): Fault =>
  new Fault(
    'misconfigured',
    `the dead-letter topic refuses a dead letter even without key, value and headers: raise its max.message.bytes (${error.message})`,
    error,
  )

const settled = (records: readonly KafkaRecord[]): Settled => ({ kind: 'settled', as: 'dead-lettered', records })

/**
 * Publishes rejected records to the dead-letter topic, and retries until they are published. Only then do their offsets
 * advance. If the topic refuses a dead letter, parts of the message are left out, one after the other.
 */
export const deadLetter = (
  topic: DeadLetterTopic,
  watch: DeadLetterWatch,
  window: Window,
  limits: BatchLimits,
  retrying: Retrying,
): OperatorFunction<Settled | Rejected, Settled> => {
  /** Emits the letters once they are published. */
  const publish = (letters: readonly DeadLetter[]): Observable<readonly DeadLetter[]> =>
    concat(defer(() => from(topic.publish(letters))).pipe(ignoreElements()), of(letters))

  const publishFirst = ([form, ...less]: readonly DeadLetter[], refused: InvalidRequest): ReturnType<typeof publish> =>
    form === undefined
      ? throwError(() => topicTakesNothing(refused))
      : publish([form]).pipe(
          catchError((error: unknown) =>
            error instanceof InvalidRequest ? publishFirst(less, error) : throwError(() => error),
          ),
        )

  const publishGroup = (group: readonly Rejected[]): Observable<Settled> =>
    halving(
      group.map(asItIs),
      letters => publish(letters).pipe(persistently(retrying)),
      // A retry starts with the whole letter again, because the topic may accept more by then.
      ({ rejected }, refused) => publishFirst(lessAndLess(rejected), refused).pipe(persistently(retrying)),
    ).pipe(
      tap(letters => letters.forEach(letter => watch.deadLettered(letter))),
      map(letters => settled(letters.map(({ rejected }) => rejected.record))),
    )

  return connect(items =>
    merge(
      items.pipe(filter(item => item.kind === 'settled')),
      items.pipe(
        filter(item => item.kind === 'rejected'),
        collect({ ms: window.ms, count: limits.rows }, retrying.clock),
        concatMap(chunk => cutByBytes(chunk, limits.bytes)),
        concatMap(publishGroup),
      ),
    ),
  )
}
