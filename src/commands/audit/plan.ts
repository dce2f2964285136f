import { type PartitionOffsets } from '../../kafka/positions.ts'
import { type Span } from '../../kafka/spans.ts'

/** Where an audit begins or ends in each partition. */
export type Offsets = ReadonlyMap<number, number>

/** What is audited. */
export interface Plan {
  readonly spans: readonly Span[]
  /** Whether it begins with the first event that the topic ever had. */
  readonly isWhole: boolean
  /** What keeps the audit from a verdict, for people; and what it does not see, though it comes to one. */
  readonly obstacles: readonly string[]
  readonly notes: readonly string[]
}

const obstacleOf = ({ partition, committed, low, high }: PartitionOffsets, from: number): string | undefined => {
  if (committed < 0) {
    return high === 0 ? undefined : `partition ${partition}: the group has no committed offset`
  }
  if (committed > high)
    return `partition ${partition}: the group has committed ${committed}, and the topic ends at ${high}`
  if (committed < low) return `partition ${partition}: retention has dropped events that the group had not read`
  if (from < low) return `partition ${partition}: the events from ${from} to ${low - 1} are gone by retention`
  return undefined
}

/**
 * From the chosen offsets, or from what the topic still has, to the chosen offsets, and never beyond what the group has
 * committed.
 */
export const planOf = (offsets: readonly PartitionOffsets[], from?: Offsets, to?: Offsets): Plan => {
  const obstacles: string[] = []
  const notes: string[] = []
  const inOrder = [...offsets].sort((a, b) => a.partition - b.partition)
  const spans = inOrder.map(known => {
    const { partition, committed, low } = known
    const begin = from?.get(partition) ?? low
    const obstacle = obstacleOf(known, begin)
    if (obstacle !== undefined) obstacles.push(obstacle)
    if (begin > 0) notes.push(`partition ${partition}: what lies before offset ${begin} is not looked at`)
    const wanted = to?.get(partition) ?? committed
    if (wanted > committed) notes.push(`partition ${partition}: the group has committed ${committed}: it ends there`)
    const start = Math.max(begin, low)
    return { partition, from: start, to: Math.max(start, Math.min(wanted, committed)) }
  })
  if (!spans.some(span => span.from < span.to)) obstacles.push('there is nothing to audit: no event in these offsets')
  return { spans, isWhole: spans.every(span => span.from === 0), obstacles, notes }
}

/** As `--from` and `--to` take them. */
export const shown = (offsets: readonly (readonly [partition: number, offset: number])[]): string =>
  offsets.map(([partition, offset]) => `${partition}:${offset}`).join(',')
