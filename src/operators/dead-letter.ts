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
   * Completes when all replicas have them. Letters that differ in `compressed` never come together.
   *
   * @throws Fault when Kafka is in trouble, InvalidRequest when a message is too large for the topic; anything else is a bug.
   */
  publish(letters: readonly DeadLetter[]): ObservableInput<unknown>
}

/** Told of every dead letter once it is published. */
export interface DeadLetterWatch {
  deadLettered(letter: DeadLetter): void
}

/** Cuts rejected records, in order, into groups of at most `maxBytes`; a larger one is a group of its own. */
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

const topicTakesNothing = (refusal: InvalidRequest): Fault =>
  new Fault(
    'misconfigured',
    `the dead-letter topic refuses a letter with nothing of the message left in it: raise its max.message.bytes (${refusal.message})`,
    refusal,
  )

const settled = (records: readonly KafkaRecord[]): Settled => ({ kind: 'settled', as: 'dead-lettered', records })

/**
 * Rejected records to the dead-letter topic, each tried until it is published: its offset moves only then. What the
 * topic refuses goes there with less and less of the message.
 */
export const deadLetter = (
  topic: DeadLetterTopic,
  watch: DeadLetterWatch,
  window: Window,
  limits: BatchLimits,
  retrying: Retrying,
): OperatorFunction<Settled | Rejected, Settled> => {
  /** Gives the letters once they are published. */
  const publish = (letters: readonly DeadLetter[]): Observable<readonly DeadLetter[]> =>
    concat(defer(() => from(topic.publish(letters))).pipe(ignoreElements()), of(letters))

  const publishFirst = ([form, ...less]: readonly DeadLetter[], refusal: InvalidRequest): ReturnType<typeof publish> =>
    form === undefined
      ? throwError(() => topicTakesNothing(refusal))
      : publish([form]).pipe(
          catchError((error: unknown) =>
            error instanceof InvalidRequest ? publishFirst(less, error) : throwError(() => error),
          ),
        )

  const publishGroup = (group: readonly Rejected[]): Observable<Settled> =>
    halving(
      group.map(asItIs),
      letters => publish(letters).pipe(persistently(retrying)),
      // After a fault all forms are tried again: of a topic that was mended more comes through.
      ({ rejected }, refusal) => publishFirst(lessAndLess(rejected), refusal).pipe(persistently(retrying)),
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
