import { deadLetterHeaders } from '../../../src/kafka/headers.ts'
import { type ReadableTopic } from '../../../src/kafka/readable-topic.ts'
import { type StoredMessage } from '../../../src/kafka/scan.ts'
import { type Headers } from '../../../src/model/record.ts'

export const noon = Date.parse('2026-11-23T12:00:00Z')

interface About extends Partial<StoredMessage> {
  readonly reason?: string
  readonly source?: string
  /** The timestamp of the original; null omits the header. */
  readonly time?: string | null
  /** The write timestamp of the record; null for dead letters of earlier releases. */
  readonly written?: string | null
  readonly extra?: Headers
}

/** A dead letter as the worker publishes it. */
export const stored = ({ reason, source, time, written, extra, ...about }: About = {}): StoredMessage => ({
  partition: 0,
  offset: 0,
  timestamp: noon,
  key: null,
  value: Buffer.from('{"phone":"5550100"}'),
  headers: {
    [deadLetterHeaders.stream]: 'program-user-info',
    [deadLetterHeaders.stage]: 'flatten',
    [deadLetterHeaders.reason]: reason ?? 'bad-date',
    [deadLetterHeaders.message]: 'createdAt: absent',
    [deadLetterHeaders.topic]: source ?? 'in',
    [deadLetterHeaders.partition]: '1',
    [deadLetterHeaders.offset]: '42',
    ...(time === null ? {} : { [deadLetterHeaders.timestamp]: time ?? '1700000000000' }),
    ...(written === null ? {} : { [deadLetterHeaders.writeTimestamp]: written ?? '1700000001234567' }),
    ...extra,
  },
  ...about,
})

/** A topic of these messages. `visited` is called before each one, so that a test can interfere. */
export const topicOf = (
  messages: readonly StoredMessage[],
  visited: (n: number) => void = () => undefined,
): ReadableTopic => ({
  name: 'in.failed',
  spans: () =>
    Promise.resolve(
      [...new Set(messages.map(({ partition }) => partition))].map(partition => {
        const offsets = messages.filter(message => message.partition === partition).map(({ offset }) => offset)
        return { partition, from: Math.min(...offsets), to: Math.max(...offsets) + 1 }
      }),
    ),
  read: async (spans, visit, signal) => {
    for (const [n, message] of messages.entries()) {
      const span = spans.find(({ partition }) => partition === message.partition)
      if (span === undefined || message.offset < span.from || message.offset >= span.to) continue
      visited(n)
      if (signal.aborted || !(await visit(message))) return
    }
  },
})
