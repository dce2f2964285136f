import { type PartitionOffsets } from '../../kafka/positions.ts'
import { type Span } from '../../kafka/spans.ts'

/** The offset at which an audit starts or ends, by partition. */
export type Offsets = ReadonlyMap<number, number>

/** The range of an audit. */
export interface Plan {
  readonly spans: readonly Span[]
  /** Whether it starts with the first event that the topic ever had. */
  readonly isWhole: boolean
  /** For people: why the audit cannot come to a verdict; and what it does not read although it comes to one. */
  readonly obstacles: readonly string[]
  readonly notes: readonly string[]
}

const obstacleOf = ({ partition, committed, low, high }: PartitionOffsets, from: number): string | undefined => {
  if (committed < 0) {
    return high === 0 ? undefined : `partition ${partition}: the group has no committed offset`
  }
  if (committed > high)
    return `partition ${partition}: the group has committed ${committed}, but the topic ends at ${high}`
  if (committed < low) return `partition ${partition}: retention removed events that the group had not read`
  if (from < low) return `partition ${partition}: retention removed the events from ${from} to ${low - 1}`
  return undefined
}

/**
 * From the given offsets, or from the start of the topic, to the given offsets, but never beyond the group's committed
 * offsets.
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
    if (begin > 0) notes.push(`partition ${partition}: events before offset ${begin} are not audited`)
    const wanted = to?.get(partition) ?? committed
    if (wanted > committed) notes.push(`partition ${partition}: ends at ${committed}, which the group has committed`)
    const start = Math.max(begin, low)
    return { partition, from: start, to: Math.max(start, Math.min(wanted, committed)) }
  })
  if (!spans.some(span => span.from < span.to)) obstacles.push('nothing to audit: there is no event in this range')
  return { spans, isWhole: spans.every(span => span.from === 0), obstacles, notes }
}

/** Offsets in the format of `--from` and `--to`. */
export const shown = (offsets: readonly (readonly [partition: number, offset: number])[]): string =>
  offsets.map(([partition, offset]) => `${partition}:${offset}`).join(',')
