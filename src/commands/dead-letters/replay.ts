import { firstValueFrom, type SchedulerLike, timer } from 'rxjs'
import { type ReplayTopic } from '../../kafka/replay.ts'
import { type ReadableTopic } from '../../kafka/readable-topic.ts'
import { type StoredMessage } from '../../kafka/scan.ts'
import { type Span } from '../../kafka/spans.ts'
import { type Confirm } from '../confirm.ts'
import { mayReplay, readersLine } from './before-replay.ts'
import { Group } from './group.ts'
import { readLetter } from './letter.ts'
import { type LetterFilter, matches, selectedSpans } from './letter-filter.ts'
import { showLine } from '../shown-line.ts'
import { progressLine } from './progress.ts'
import { toReplayed } from './replayed.ts'
import { reportOf, Tally } from './report.ts'

export interface Replay {
  readonly filter: LetterFilter
  readonly limit: number
  readonly perSecond: number
  readonly dryRun: boolean
  readonly yes: boolean
}

/** Everything that a replay needs. */
export interface Dependencies {
  readonly letters: ReadableTopic
  readonly sourceTopic: string
  readonly target: ReplayTopic
  /** Other consumer groups that read the source topic; undefined if the brokers do not list them. */
  readonly readers: () => Promise<readonly string[] | undefined>
  /** Prints results. */
  readonly write: (text: string) => void
  /** Prints progress and problems. */
  readonly tell: (text: string) => void
  readonly isTerminal: boolean
  readonly confirm: Confirm | undefined
  readonly signal: AbortSignal
  readonly clock: SchedulerLike
}

const lengthOf = (spans: readonly Span[]): number => spans.reduce((sum, { from, to }) => sum + to - from, 0)

/**
 * Publishes the selected dead letters to the source topic again, in groups. In every case it reports at the end what was done and
 * how to continue.
 *
 * @throws Fault if Kafka fails, after the report; UsageError if it must ask and nobody can answer
 */
export const replay = async (
  { filter, limit, perSecond, dryRun, yes }: Replay,
  { letters, sourceTopic, target, readers, write, tell, isTerminal, confirm, signal, clock }: Dependencies,
): Promise<0> => {
  const spans = selectedSpans(filter, await letters.spans())
  tell(readersLine(sourceTopic, await readers()))
  const plan = { filter, dryRun, yes, messages: lengthOf(spans), sourceTopic }
  if (!(await mayReplay(plan, confirm, signal))) {
    tell('nothing was replayed\n')
    return 0
  }
  const progress = showLine(tell, isTerminal, clock)
  const group = new Group()
  const tally = new Tally()
  // The offsets read, and those done. The difference waits in the group.
  const looked = new Map(spans.map(({ partition, from }) => [partition, from]))
  let done = new Map(looked)
  let lookedAt = 0
  let taken = 0

  const publish = async (): Promise<void> => {
    const messages = group.take()
    const refused = dryRun || messages.length === 0 ? [] : await target.publish(messages)
    for (const message of messages) {
      if (refused.includes(message)) tally.cannot('too-large')
      else tally.replayed(message)
    }
    done = new Map(looked)
    if (!dryRun && messages.length > 0 && perSecond !== Infinity) {
      await firstValueFrom(timer((1000 * messages.length) / perSecond, clock))
    }
  }

  const take = (message: StoredMessage): void => {
    const letter = readLetter(message)
    if (!matches(filter, letter)) return
    const replayed = toReplayed(letter, sourceTopic, letters.name)
    if (typeof replayed === 'string') {
      tally.cannot(replayed)
      return
    }
    taken += 1
    group.add(replayed)
  }

  const visit = async (message: StoredMessage): Promise<boolean> => {
    take(message)
    looked.set(message.partition, message.offset + 1)
    lookedAt += 1
    if (group.isFull(perSecond)) await publish()
    const { published } = tally
    progress.at(seconds => progressLine({ looked: lookedAt, of: lengthOf(spans), published }, seconds))
    return taken < limit
  }

  let failed = true
  try {
    await letters.read(spans, visit, signal)
    await publish()
    failed = false
  } finally {
    progress.end()
    await target.close().catch(() => undefined)
    const isCut = failed || signal.aborted || taken >= limit
    const left = spans
      .map(span => ({ ...span, from: done.get(span.partition) ?? span.from }))
      .filter(({ from, to }) => isCut && from < to)
    write(reportOf({ dryRun, sourceTopic, tally, left, ends: spans }))
  }
  return 0
}
