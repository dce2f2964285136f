import { type ReadableTopic } from '../../kafka/readable-topic.ts'
import { isTime } from '../../model/time.ts'
import { type Grouping } from './arguments.ts'
import { instant } from './instant.ts'
import { type Letter, readLetter } from './letter.ts'
import { type LetterFilter, matches, selectedSpans } from './letter-filter.ts'
import { columns } from '../columns.ts'
import { printable } from './printable.ts'

const units = { hour: 13, day: 10 } as const

const unitOf = (by: 'hour' | 'day', milliseconds: number): string =>
  isTime(milliseconds) ? instant(milliseconds).slice(0, units[by]) + (by === 'hour' ? ':00Z' : '') : 'no time'

interface Tally {
  count: number
  first: number
  last: number
  latest: string
}

const positionOf = ({ message: { partition, offset } }: Letter): string => `${partition}:${offset}`

/** Counts letters without keeping them. */
export class Tallies {
  readonly byReason = new Map<string, Tally>()
  readonly byTime = new Map<string, number>()
  count = 0
  incomplete = 0
  readonly #by: 'hour' | 'day'

  constructor(by: 'hour' | 'day') {
    this.#by = by
  }

  add(letter: Letter): void {
    const { timestamp } = letter.message
    this.count += 1
    if (letter.incomplete) this.incomplete += 1
    const tally = this.byReason.get(letter.reason) ?? { count: 0, first: timestamp, last: timestamp, latest: '' }
    tally.count += 1
    tally.first = Math.min(tally.first, timestamp)
    if (timestamp >= tally.last) {
      tally.last = timestamp
      tally.latest = positionOf(letter)
    }
    this.byReason.set(letter.reason, tally)
    const unit = unitOf(this.#by, timestamp)
    this.byTime.set(unit, (this.byTime.get(unit) ?? 0) + 1)
  }

  /** Both tables as text; with the position of the latest letter. */
  toString(): string {
    const reasons = [...this.byReason].sort(([, a], [, b]) => b.count - a.count)
    const times = [...this.byTime].sort(([a], [b]) => (a < b ? -1 : 1))
    const rows = reasons.map(([reason, { count, first, last, latest }]) => [
      printable(reason),
      count,
      instant(first),
      instant(last),
      latest,
    ])
    return [
      columns([['reason', 'count', 'first', 'last', 'latest (partition:offset)'], ...rows]),
      columns([[this.#by, 'count'], ...times]),
      ...(this.incomplete === 0
        ? []
        : [`${this.incomplete} cannot be replayed, because a part was too large and is missing\n`]),
    ].join('\n')
  }
}

/** One letter on one line, without content and without the message's own headers. */
const lineOf = (letter: Letter): string => {
  const { source, reason, why } = letter
  return `${printable(
    `${positionOf(letter)}  ${instant(letter.message.timestamp)}  ${reason}  ${source.topic}:${source.partition}:${source.offset}  ${why}`,
  )}\n`
}

/** Prints the number of dead letters by reason and by time, or a line for each. */
export const list = async (
  topic: ReadableTopic,
  { filter, by }: { filter: LetterFilter; by: Grouping },
  write: (text: string) => void,
  signal: AbortSignal,
): Promise<0> => {
  const tallies = new Tallies(by === 'each' ? 'hour' : by)
  await topic.read(
    selectedSpans(filter, await topic.spans()),
    message => {
      const letter = readLetter(message)
      if (matches(filter, letter)) {
        tallies.add(letter)
        if (by === 'each') write(lineOf(letter))
      }
      return Promise.resolve(true)
    },
    signal,
  )
  if (tallies.count === 0) write(`no matching dead letters in ${topic.name}\n`)
  else if (by !== 'each') write(`dead letters in ${topic.name}: ${tallies.count}\n\n${tallies.toString()}`)
  return 0
}
