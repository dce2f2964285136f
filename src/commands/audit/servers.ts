import { type SchedulerLike } from 'rxjs'
import { type KafkaSettings } from '../../config/settings.ts'
import { type kafkaClient } from '../../kafka/client.ts'
import { faultOf } from '../../kafka/faults.ts'
import { type FetchedMessage } from '../../kafka/fetch/fetched.ts'
import { type FetchAt, withLeader } from '../../kafka/fetch/leader.ts'
import { RecordBatches } from '../../kafka/fetch/record-batches.ts'
import { offsetsAt } from '../../kafka/offsets-at.ts'
import { type PartitionOffsets, readOffsets } from '../../kafka/positions.ts'
import { readersOf } from '../../kafka/readers.ts'
import { openReplayTopic, type ReplayTopic } from '../../kafka/replay.ts'
import { readSpan } from '../../kafka/read-span.ts'
import { type Span, spansOf } from '../../kafka/spans.ts'
import { type Bound } from './options.ts'
import { type Offsets } from './plan.ts'
import { type ReadSpan } from './read-topics.ts'

/** What an audit needs from Kafka. @throws Fault, OutOfRange from its functions */
export interface Servers {
  readonly topic: string
  offsets(): Promise<PartitionOffsets[]>
  /** Resolves a bound to offsets, whether it is given as a time or as offsets. */
  offsetsOf(bound: Bound | undefined): Promise<Offsets | undefined>
  letterSpans(): Promise<Span[]>
  /** What the topic has after these spans. */
  laterSpans(spans: readonly Span[]): Promise<Span[]>
  readonly readEvents: ReadSpan
  readonly readLetters: ReadSpan
  /** Runs `use` with a function that reads single messages of a partition. It returns undefined if the message is gone. */
  withMessages<T>(partition: number, use: (message: ReadMessage) => Promise<T>): Promise<T>
  /** The source topic, to publish to. */
  target(): ReplayTopic
  /** Other consumer groups that read the source topic; undefined if the brokers do not return them. */
  readers(): Promise<string[] | undefined>
  /** For people: the partitions whose committed offset was reset to before the end of these spans. */
  movedBack(spans: readonly Span[]): Promise<string[]>
}

/** @throws Fault */
export type ReadMessage = (offset: number) => Promise<FetchedMessage | undefined>

// Only one message is needed. A broker always returns the first record batch whole.
const littleBytes = 1024

const messageAt = async (fetchAt: FetchAt, offset: number): Promise<FetchedMessage | undefined> => {
  const fetched = await fetchAt(offset, littleBytes)
  const taken = fetched.errorCode === 0 ? await new RecordBatches(fetched, offset).take() : undefined
  return taken?.kind === 'records' ? taken.messages.find(message => message.offset === offset) : undefined
}

export const openServers = (
  kafka: ReturnType<typeof kafkaClient>,
  { topic, groupId, deadLetterTopic }: KafkaSettings,
  signal: AbortSignal,
  clock: SchedulerLike,
): Servers => {
  const asking = async <T>(answer: Promise<T>): Promise<T> => {
    try {
      return await answer
    } catch (error) {
      throw faultOf(error)
    }
  }
  const offsets = (): Promise<PartitionOffsets[]> => asking(readOffsets(kafka, groupId, topic))
  return {
    topic,
    offsets,
    offsetsOf: async bound => (typeof bound === 'number' ? asking(offsetsAt(kafka, topic, bound)) : bound),
    letterSpans: () => spansOf(kafka, deadLetterTopic),
    laterSpans: async spans => {
      const ends = new Map(spans.map(({ partition, to }) => [partition, to]))
      const found = await spansOf(kafka, topic)
      return found.map(({ partition, from, to }) => ({ partition, from: ends.get(partition) ?? from, to }))
    },
    readEvents: (span, visit) => readSpan(kafka, topic, span, visit, signal, clock),
    readLetters: (span, visit) => readSpan(kafka, deadLetterTopic, span, visit, signal, clock),
    withMessages: (partition, use) =>
      withLeader(kafka, topic, partition, fetchAt => use(offset => messageAt(fetchAt, offset))),
    target: () => openReplayTopic(kafka, topic),
    readers: async () => (await readersOf(kafka, topic, clock))?.filter(group => group !== groupId),
    movedBack: async spans => {
      const committed = new Map((await offsets()).map(known => [known.partition, known.committed]))
      return spans
        .filter(({ partition, from, to }) => from < to && (committed.get(partition) ?? -1) < to)
        .map(
          ({ partition, to }) =>
            `partition ${partition}: meanwhile the group's committed offset was reset to before ${to}`,
        )
    },
  }
}
