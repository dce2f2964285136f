import { type ReadableTopic } from '../../kafka/readable-topic.ts'
import { type StoredMessage } from '../../kafka/scan.ts'
import { instant } from './instant.ts'
import { printable, printableBytes } from './printable.ts'

/** sysexits.h: what was named does not exist. */
const noInput = 66

const sizeOf = (bytes: Buffer | null): string => (bytes === null ? 'none' : `${bytes.length} bytes`)

const headerLines = ({ headers }: StoredMessage): string[] =>
  Object.entries(headers).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map(one => `  ${printable(name)}: ${printable(one?.toString() ?? '')}`),
  )

/** A letter as people read it; key and value only as sizes unless `content` is asked for. */
export const describe = (message: StoredMessage, content: boolean): string => {
  const { partition, offset, timestamp, key, value } = message
  return [
    `partition ${partition}, offset ${offset}, ${instant(timestamp)}`,
    'headers:',
    ...headerLines(message),
    ...(content
      ? ['key:', printableBytes(key), 'value:', printableBytes(value)]
      : [`key: ${sizeOf(key)}`, `value: ${sizeOf(value)}`, 'key and value are shown with --content: personal data']),
    '',
  ].join('\n')
}

/** Prints one dead letter. Gives 66, and says what there is, when there is none at this place. */
export const show = async (
  topic: ReadableTopic,
  { partition, offset, content }: { partition: number; offset: number; content: boolean },
  write: (text: string) => void,
  complain: (text: string) => void,
  signal: AbortSignal,
): Promise<0 | typeof noInput> => {
  const spans = await topic.spans()
  const there = spans.some(span => span.partition === partition && offset >= span.from && offset < span.to)
  let found: StoredMessage | undefined
  if (there) {
    const visit = (message: StoredMessage): Promise<boolean> => {
      found = message
      return Promise.resolve(false)
    }
    await topic.read([{ partition, from: offset, to: offset + 1 }], visit, signal)
  }
  if (found === undefined) {
    const held = spans.map(span => `${span.partition}:${span.from} to before ${span.partition}:${span.to}`)
    complain(`there is no dead letter ${partition}:${offset} in ${topic.name}; it holds ${held.join(', ')}\n`)
    return noInput
  }
  write(describe(found, content))
  return 0
}
