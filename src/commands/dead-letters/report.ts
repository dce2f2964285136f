import { type Span } from '../../kafka/scan.ts'
import { columns, printable } from './printable.ts'
import { type Obstacle, obstacles as meanings } from './replayed.ts'

/** How a replay ended. */
export interface Outcome {
  readonly dryRun: boolean
  readonly sourceTopic: string
  readonly published: number
  readonly byReason: ReadonlyMap<string, number>
  readonly obstacles: ReadonlyMap<Obstacle, number>
  /** What was not looked at, or not published, because the run was cut short. */
  readonly left: readonly Span[]
}

const goOn = ({ partition, from, to }: Span): string => `  --partition ${partition} --offset ${from}-${to - 1}`

/** What was done and where to go on, for people. */
export const reportOf = ({ dryRun, sourceTopic, published, byReason, obstacles, left }: Outcome): string => {
  const verb = dryRun ? 'would be replayed' : 'replayed'
  const reasons = [...byReason].map(([reason, count]) => [printable(`  ${reason}`), count])
  return [
    `${published} ${verb} to ${sourceTopic}\n`,
    left.length === 0 && published > 0 ? columns(reasons) : '',
    ...[...obstacles].map(([obstacle, count]) => `${count} cannot be replayed: ${meanings[obstacle]}\n`),
    ...(left.length === 0
      ? []
      : ['not done; the same command goes on with:\n', ...left.map(span => `${goOn(span)}\n`)]),
  ].join('')
}
