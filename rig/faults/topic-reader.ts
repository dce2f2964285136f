import { randomBytes } from 'node:crypto'
import { installedKafka } from '../servers/kafka.ts'
import { runKafkaTool } from '../servers/kafka-tool.ts'

/** A message in the output of Kafka's console consumer. */
export interface TopicMessage {
  readonly partition: number
  readonly offset: number
  readonly key: Buffer
  readonly value: Buffer
  readonly headers: ReadonlyMap<string, string>
}

/** Stands for null: the console consumer prints text for it. */
export const nullText = 'null-7d41c0'

export const isNull = (bytes: Buffer): boolean => bytes.toString('latin1') === nullText

const split = (bytes: Buffer, separator: string): Buffer[] => {
  const parts: Buffer[] = []
  let from = 0
  for (let at = bytes.indexOf(separator); at >= 0; at = bytes.indexOf(separator, from)) {
    parts.push(bytes.subarray(from, at))
    from = at + separator.length
  }
  return from === bytes.length ? parts : [...parts, bytes.subarray(from)]
}

const headersOf = (text: string, separator: string): Map<string, string> => {
  const headers = new Map<string, string>()
  if (text === 'NO_HEADERS') return headers
  for (const header of text.split(separator)) {
    const colon = header.indexOf(':')
    headers.set(header.slice(0, colon), header.slice(colon + 1))
  }
  return headers
}

const parse = (output: Buffer, mark: string): TopicMessage[] =>
  split(output, `${mark}line`).map(line => {
    const [partition, offset, headers, key = Buffer.alloc(0), ...value] = split(
      Buffer.concat([line, Buffer.from(`${mark}part`)]),
      `${mark}part`,
    )
    const number = (bytes: Buffer | undefined): number => Number(String(bytes).split(':')[1])
    return {
      partition: number(partition),
      offset: number(offset),
      headers: headersOf(String(headers), `${mark}head`),
      key,
      value: value[0] ?? Buffer.alloc(0),
    }
  })

/**
 * Reads a topic, each partition in order, with Kafka's console consumer: a Java client, which shares nothing with the worker's.
 * It has the installed version, whatever version the brokers have. It expects `count` messages; with fewer, it ends after 20
 * seconds without a message. It does not return aborted transactions.
 */
export const readTopic = async (bootstrap: string, topic: string, count: number): Promise<TopicMessage[]> => {
  if (count === 0) return []
  const mark = randomBytes(12).toString('hex')
  const shown = ['partition', 'offset', 'headers', 'key', 'value'].map(what => `print.${what}=true`)
  const formats = [
    ...shown,
    `key.separator=${mark}part`,
    `line.separator=${mark}line`,
    `headers.separator=${mark}head`,
    `null.literal=${nullText}`,
  ]
  const { output } = await runKafkaTool(installedKafka, 'kafka.tools.ConsoleConsumer', [
    ...['--bootstrap-server', bootstrap, '--topic', topic],
    ...['--from-beginning', '--isolation-level', 'read_committed', '--timeout-ms', '20000'],
    ...['--max-messages', String(count), ...formats.flatMap(format => ['--property', format])],
  ])
  return parse(output, mark).sort((a, b) => a.offset - b.offset)
}
