import { firstValueFrom, type SchedulerLike, timer } from 'rxjs'
import { type ReplayTopic } from '../../kafka/replay.ts'
import { type ReadableTopic, type Span, type StoredMessage } from '../../kafka/scan.ts'
import { type Choice, chosenSpans, isChosen } from './choice.ts'
import { Group } from './group.ts'
import { readLetter } from './letter.ts'
import { showProgress } from './progress.ts'
import { type Obstacle, toReplayed } from './replayed.ts'
import { type Outcome, reportOf } from './report.ts'

export interface Replay {
  readonly choice: Choice
  readonly limit: number
  readonly perSecond: number
  readonly dryRun: boolean
}

/** What a replay works with. */
export interface Surroundings {
  readonly letters: ReadableTopic
  readonly sourceTopic: string
  readonly target: ReplayTopic
  /** Results. */
  readonly write: (text: string) => void
  /** Progress, and what goes wrong. */
  readonly tell: (text: string) => void
  readonly isTerminal: boolean
  readonly signal: AbortSignal
  readonly clock: SchedulerLike
}

const lengthOf = (spans: readonly Span[]): number => spans.reduce((sum, { from, to }) => sum + to - from, 0)

/**
 * Publishes the chosen dead letters to the source topic again, in groups, and says at the end, however it ends, what
 * was done and where to go on.
 *
 * @throws Fault when Kafka is in trouble, after saying so
 */
export const replay = async (
  { choice, limit, perSecond, dryRun }: Replay,
  { letters, sourceTopic, target, write, tell, isTerminal, signal, clock }: Surroundings,
): Promise<0> => {
  const spans = chosenSpans(choice, await letters.spans())
  const progress = showProgress(tell, isTerminal, clock)
  const group = new Group()
  const obstacles = new Map<Obstacle, number>()
  const byReason = new Map<string, number>()
  // What was looked at, and how much of it is done: the difference waits in the group.
  const looked = new Map(spans.map(({ partition, from }) => [partition, from]))
  let done = new Map(looked)
  let lookedAt = 0
  let taken = 0
  let published = 0

  const publish = async (): Promise<void> => {
    const messages = group.take()
    if (messages.length > 0 && !dryRun) {
      await target.publish(messages)
      if (perSecond !== Infinity) await firstValueFrom(timer((1000 * messages.length) / perSecond, clock))
    }
    published += messages.length
    done = new Map(looked)
  }

  const take = (message: StoredMessage): void => {
    const letter = readLetter(message)
    if (!isChosen(choice, letter)) return
    const replayed = toReplayed(letter, sourceTopic, letters.name)
    if (typeof replayed === 'string') {
      obstacles.set(replayed, (obstacles.get(replayed) ?? 0) + 1)
      return
    }
    taken += 1
    byReason.set(letter.reason, (byReason.get(letter.reason) ?? 0) + 1)
    group.add(replayed)
  }

  const visit = async (message: StoredMessage): Promise<boolean> => {
    take(message)
    looked.set(message.partition, message.offset + 1)
    lookedAt += 1
    if (group.isFull(perSecond)) await publish()
    progress.at({ looked: lookedAt, of: lengthOf(spans), published })
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
    const outcome: Outcome = { dryRun, sourceTopic, published, byReason, obstacles, left }
    write(reportOf(outcome))
  }
  return 0
}
