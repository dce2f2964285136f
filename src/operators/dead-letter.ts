import {
  catchError,
  concat,
  connect,
  defer,
  EMPTY,
  exhaustMap,
  filter,
  from,
  ignoreElements,
  map,
  merge,
  type Observable,
  type ObservableInput,
  of,
  type OperatorFunction,
  repeat,
  tap,
  throwError,
} from 'rxjs'
import { Fault, InvalidRequest } from '../model/faults.ts'
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

/** How many of these rejected records, from the first on, have at most `maxBytes`; at least one. */
export const fitting = (items: readonly Rejected[], maxBytes: number): number => {
  let bytes = 0
  const tooMany = items.findIndex(({ record }) => (bytes += sizeOf(record)) > maxBytes)
  return tooMany === -1 ? items.length : Math.max(1, tooMany)
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
 *
 * @param maxBytes of the letters in one request; a larger letter is sent alone
 */
export const deadLetter = (
  topic: DeadLetterTopic,
  watch: DeadLetterWatch,
  window: Window,
  maxBytes: number,
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

  /** Publishes everything that waits. What arrives meanwhile goes together in the next request. */
  const publishWaiting = (waiting: Rejected[]): Observable<Settled> =>
    defer(() => publishGroup(waiting.splice(0, fitting(waiting, maxBytes)))).pipe(
      repeat({ delay: () => (waiting.length > 0 ? of(true) : EMPTY) }),
    )

  const publishInTurn = (rejected: Observable<Rejected>): Observable<Settled> =>
    defer(() => {
      const waiting: Rejected[] = []
      return rejected.pipe(
        collect(window, retrying.clock),
        tap(collected => waiting.push(...collected)),
        exhaustMap(() => publishWaiting(waiting)),
      )
    })

  return connect(items =>
    merge(
      items.pipe(filter(item => item.kind === 'settled')),
      items.pipe(
        filter(item => item.kind === 'rejected'),
        publishInTurn,
      ),
    ),
  )
}
