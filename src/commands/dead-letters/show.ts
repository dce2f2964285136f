import { type ReadableTopic } from '../../kafka/readable-topic.ts'
import { type StoredMessage } from '../../kafka/scan.ts'
import { exitCodes } from '../exit-codes.ts'
import { instant } from './instant.ts'
import { printable, printableBytes } from './printable.ts'

const sizeOf = (bytes: Buffer | null): string => (bytes === null ? 'none' : `${bytes.length} bytes`)

const headerLines = ({ headers }: StoredMessage): string[] =>
  Object.entries(headers).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map(one => `  ${printable(name)}: ${printable(one?.toString() ?? '')}`),
  )

/** A letter as text; without `content`, only the sizes of key and value. */
export const describe = (message: StoredMessage, content: boolean): string => {
  const { partition, offset, timestamp, key, value } = message
  return [
    `partition ${partition}, offset ${offset}, ${instant(timestamp)}`,
    'headers:',
    ...headerLines(message),
    ...(content
      ? ['key:', printableBytes(key), 'value:', printableBytes(value)]
      : [
          `key: ${sizeOf(key)}`,
          `value: ${sizeOf(value)}`,
          'use --content to show key and value, which are personal data',
        ]),
    '',
  ].join('\n')
}

/** Prints one dead letter. Returns 66 and reports the existing offsets if there is none. */
export const show = async (
  topic: ReadableTopic,
  { partition, offset, content }: { partition: number; offset: number; content: boolean },
  write: (text: string) => void,
  complain: (text: string) => void,
  signal: AbortSignal,
): Promise<number> => {
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
    complain(`there is no dead letter ${partition}:${offset} in ${topic.name}; it has ${held.join(', ')}\n`)
    return exitCodes.noInput
  }
  write(describe(found, content))
  return exitCodes.ok
}
