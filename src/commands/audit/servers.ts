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

/** What an audit asks of Kafka. @throws Fault, OutOfRange of its functions */
export interface Servers {
  readonly topic: string
  offsets(): Promise<PartitionOffsets[]>
  /** The offsets of a bound, whichever way it is given. */
  offsetsOf(bound: Bound | undefined): Promise<Offsets | undefined>
  letterSpans(): Promise<Span[]>
  /** What the topic has behind these spans. */
  laterSpans(spans: readonly Span[]): Promise<Span[]>
  readonly readEvents: ReadSpan
  readonly readLetters: ReadSpan
  /** Runs `use` with what reads single messages of one partition; undefined where there is none any more. */
  withMessages<T>(partition: number, use: (message: ReadMessage) => Promise<T>): Promise<T>
  /** The source topic, to publish to. */
  target(): ReplayTopic
  /** Other consumer groups that read the source topic; undefined when the brokers do not tell. */
  readers(): Promise<string[] | undefined>
  /** For people, which partitions the group was set back in, to before the end of these spans. */
  movedBack(spans: readonly Span[]): Promise<string[]>
}

/** @throws Fault */
export type ReadMessage = (offset: number) => Promise<FetchedMessage | undefined>

// One message is wanted; the first record batch comes whole.
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
        .map(({ partition, to }) => `partition ${partition}: the group was set back to before offset ${to} meanwhile`)
    },
  }
}
