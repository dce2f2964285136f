import { type FetchedPartition, type UndecodableBatch } from '../../kafka/fetch/fetched.ts'
import { RecordBatches } from '../../kafka/fetch/record-batches.ts'

/** A partition as the command sees it. */
export interface SkippablePartition {
  /** The group's committed offset; undefined when it has none. */
  committed(): Promise<number | undefined>
  fetchAt(offset: number): Promise<FetchedPartition>
}

/** Why nothing is stepped over. */
export type Refusal = string

/**
 * The undecodable record batch that holds `offset` and that the group stands at: nothing that could be read lies between.
 *
 * @throws Fault when Kafka is in trouble
 */
export const findUndecodable = async (
  partition: SkippablePartition,
  offset: number,
): Promise<UndecodableBatch | Refusal> => {
  const committed = await partition.committed()
  if (committed === undefined) return 'the group has no committed offset for this partition: start the worker first'
  if (committed > offset) return `the group has committed ${committed}: it is behind this offset already`
  for (let position = committed; ;) {
    const fetched = await partition.fetchAt(position)
    if (fetched.errorCode !== 0) return `Kafka answers a fetch at offset ${position} with error ${fetched.errorCode}`
    const taken = await new RecordBatches(fetched, position).take()
    if (taken === undefined) return `the partition ends at ${fetched.highWatermark}: there is nothing at this offset`
    if (taken.kind === 'undecodable') {
      const { offset: first, lastOffset } = taken
      return offset <= lastOffset ? taken : `the batch that cannot be decoded has offsets ${first} to ${lastOffset}`
    }
    if (taken.nextOffset > offset)
      return 'the record batch at this offset can be decoded: there is nothing to step over'
    if (taken.messages.length > 0) {
      return `the group has committed ${committed} and not yet all before this offset: wait until the worker stands at it`
    }
    position = taken.nextOffset
  }
}
