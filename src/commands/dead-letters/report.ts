import { type Span } from '../../kafka/spans.ts'
import { columns } from '../columns.ts'
import { printable } from './printable.ts'
import { type Obstacle, obstacles as meanings, type Replayable } from './replayed.ts'

const namedLetters = 5

/** Counts the results of a replay without keeping letters. */
export class Tally {
  published = 0
  /** Published without the write timestamp of the first read. */
  inexact = 0
  readonly byReason = new Map<string, number>()
  readonly obstacles = new Map<Obstacle, number>()
  /** Published, and replayed before: their number, and a few of their earlier letters. */
  again = 0
  readonly earlierLetters: string[] = []

  replayed({ reason, isExact, earlierLetter }: Replayable): void {
    this.published += 1
    this.byReason.set(reason, (this.byReason.get(reason) ?? 0) + 1)
    if (!isExact) this.inexact += 1
    if (earlierLetter === undefined) return
    this.again += 1
    if (this.earlierLetters.length < namedLetters) this.earlierLetters.push(earlierLetter)
  }

  cannot(obstacle: Obstacle): void {
    this.obstacles.set(obstacle, (this.obstacles.get(obstacle) ?? 0) + 1)
  }
}

/** How a replay ended. */
export interface Outcome {
  readonly dryRun: boolean
  readonly sourceTopic: string
  readonly tally: Tally
  /** What was not read or not published, because the replay ended early. */
  readonly left: readonly Span[]
  /** The ends of the topic at the start. */
  readonly ends: readonly Span[]
}

const goOn = ({ partition, from, to }: Span): string => `  --partition ${partition} --offset ${from}-${to - 1}\n`

const againLines = ({ again, earlierLetters }: Tally): string[] => {
  if (again === 0) return []
  const more = again - earlierLetters.length
  const named = earlierLetters.map(letter => printable(letter)).join(', ')
  return [
    `${again} were replayed before and failed again; their earlier dead letters: ${named}${more > 0 ? `, ${more} more` : ''}\n`,
  ]
}

/** The report: what was done and how to continue. */
export const reportOf = ({ dryRun, sourceTopic, tally, left, ends }: Outcome): string => {
  const { published, inexact, byReason, obstacles } = tally
  const verb = dryRun ? 'would be replayed' : 'replayed'
  const reasons = [...byReason].map(([reason, count]) => [printable(`  ${reason}`), count])
  return [
    `${published} ${verb} to ${sourceTopic}\n`,
    published > 0 ? columns(reasons) : '',
    ...(inexact === 0
      ? []
      : [`${inexact} are from an earlier release: they use the timestamp of their record instead of the first read\n`]),
    ...againLines(tally),
    ...[...obstacles].map(([obstacle, count]) => `${count} cannot be replayed: ${meanings[obstacle]}\n`),
    ...(left.length === 0 ? [] : ['not done; to continue, run the same command with:\n', ...left.map(goOn)]),
    ...(left.length > 0 || dryRun || published === 0
      ? []
      : [
          'later dead letters start at:\n',
          ...ends.map(({ partition, to }) => `  --partition ${partition} --offset ${to}-\n`),
        ]),
  ].join('')
}
