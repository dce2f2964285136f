import { deadLetterHeaders } from '../../src/kafka/headers.ts'
import { fateOf, fold, type FoldedRow, keyOf } from './fold.ts'
import { type TopicMessage } from './topic-reader.ts'

/** The topics and the table, as seen by independent readers. */
export interface Seen {
  readonly topic: readonly TopicMessage[]
  readonly deadLetters: readonly TopicMessage[]
  readonly table: ReadonlyMap<string, FoldedRow>
}

type Rows = Pick<Seen, 'topic' | 'table'>

export interface Verdict {
  /** Enrolments without a row, and bad messages without a dead letter. */
  readonly lost: number
  /** Rows that differ from the expected table or should not exist, and dead letters that differ or should not exist. */
  readonly wrong: number
  /** The first few of both, without content. */
  readonly examples: readonly string[]
}

const place = (partition: number | string, offset: number | string): string => `${partition}:${offset}`

/** The origin of a dead letter, from its headers. */
const originOf = ({ headers }: TopicMessage): string =>
  place(headers.get(deadLetterHeaders.partition) ?? '?', headers.get(deadLetterHeaders.offset) ?? '?')

/** UTF-8 cannot encode half of a surrogate pair. The table has U+FFFD instead; see the stream's page. */
const asStored = (id: unknown): string => Buffer.from(String(id)).toString()

const hasRow = ({ value }: TopicMessage, table: Seen['table']): boolean => {
  try {
    const { programId, userId } = JSON.parse(String(value).replace(/^\ufeff/, '')) as Record<string, unknown>
    return table.has(keyOf(asStored(programId), asStored(userId)))
  } catch {
    return false
  }
}

const isSame = (a: Buffer | null, b: Buffer | null): boolean => (a === null || b === null ? a === b : a.equals(b))

const sameBytes = (letter: TopicMessage, original: TopicMessage): boolean =>
  isSame(letter.key, letter.headers.has(deadLetterHeaders.keyOmitted) ? null : original.key) &&
  isSame(letter.value, letter.headers.has(deadLetterHeaders.valueOmitted) ? null : original.value)

const judgeDeadLetters = ({ topic, deadLetters, table }: Seen, lost: string[], wrong: string[]): void => {
  const originals = new Map(topic.map(message => [place(message.partition, message.offset), message]))
  const published = new Set(deadLetters.map(originOf))
  for (const letter of deadLetters) {
    const original = originals.get(originOf(letter))
    if (original === undefined) wrong.push(`dead letter of ${originOf(letter)}, where there is no message`)
    else if (fateOf(original) === 'row') wrong.push(`dead letter of the good message ${originOf(letter)}`)
    else if (!sameBytes(letter, original)) wrong.push(`dead letter of ${originOf(letter)} with other bytes`)
  }
  for (const [at, message] of originals) {
    const fate = fateOf(message)
    if (fate === 'row' || published.has(at)) continue
    if (fate === 'dead-letter' || !hasRow(message, table)) lost.push(`no dead letter of ${at}`)
  }
}

const differing = (expected: FoldedRow, found: FoldedRow): string[] =>
  Object.keys({ ...expected, ...found }).filter(column => (expected[column] ?? null) !== (found[column] ?? null))

const versionOf = ({ program_name }: FoldedRow): string => /version \d+/.exec(String(program_name))?.[0] ?? 'no version'

const compareRows = ({ topic, table }: Rows, lost: string[], wrong: string[]): void => {
  const expected = fold(topic)
  for (const [key, row] of expected) {
    const found = table.get(key)
    if (found === undefined) {
      lost.push(`no row of ${key}`)
      continue
    }
    const columns = differing(row, found)
    if (columns.length > 0) {
      wrong.push(`row of ${key} differs in ${columns.join()}: ${versionOf(found)}, but ${versionOf(row)} was read last`)
    }
  }
  if (topic.some(message => fateOf(message) === 'either')) return
  for (const key of table.keys()) if (!expected.has(key)) wrong.push(`row of ${key}, which has no event`)
}

const verdictOf = (lost: readonly string[], wrong: readonly string[]): Verdict => ({
  lost: lost.length,
  wrong: wrong.length,
  examples: [...lost.slice(0, 5), ...wrong.slice(0, 5)],
})

/** Compares the table and the dead letters with their expected content, computed from the topic. */
export const judge = (seen: Seen): Verdict => {
  const lost: string[] = []
  const wrong: string[] = []
  compareRows(seen, lost, wrong)
  judgeDeadLetters(seen, lost, wrong)
  return verdictOf(lost, wrong)
}

/** The same for the rows alone, for example those of one replica. */
export const judgeRows = (rows: Rows): Verdict => {
  const lost: string[] = []
  const wrong: string[] = []
  compareRows(rows, lost, wrong)
  return verdictOf(lost, wrong)
}

/** The keys of expected rows that fewer replicas than a quorum have, as LOCAL_QUORUM promises. */
export const belowQuorum = (topic: Seen['topic'], replicas: readonly Seen['table'][]): string[] =>
  [...fold(topic)].flatMap(([key, row]) => {
    const having = replicas.filter(table => {
      const found = table.get(key)
      return found !== undefined && differing(row, found).length === 0
    })
    return having.length > replicas.length / 2 ? [] : [key]
  })
