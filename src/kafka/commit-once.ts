import { type Group } from './client-group.ts'
import { commits } from './commit-trace.ts'
import { type Committable } from './member.ts'

const rejoinAfter = new Set<unknown>(['UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION', 'REBALANCE_IN_PROGRESS'])

/** Whether the group refuses the member, which must join again. */
export const isRefused = (error: unknown): error is Error =>
  error instanceof Error && rejoinAfter.has((error as Error & { type?: unknown }).type)

/** Commits with the offset manager of one join. consumer.commitOffsets() would retry in the next generation (tulios/kafkajs#1046). */
export const commitOnce = (
  offsetManager: Group['offsetManager'],
  topic: string,
  positions: readonly Committable[],
): Promise<void> => {
  const partitions = positions.map(({ partition, offset }) => ({ partition, offset: String(offset) }))
  return commits.tracePromise(() => offsetManager.commitOffsets({ topics: [{ topic, partitions }] }), { positions })
}
