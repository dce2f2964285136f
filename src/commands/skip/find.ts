import { type FetchedPartition, type UndecodableBatch } from '../../kafka/fetch/fetched.ts'
import { RecordBatches } from '../../kafka/fetch/record-batches.ts'

/** The partition of the batch to skip. */
export interface SkippablePartition {
  /** The group's committed offset; undefined if there is none. */
  committed(): Promise<number | undefined>
  fetchAt(offset: number): Promise<FetchedPartition>
}

/**
 * Finds the undecodable record batch that holds `offset` and at which the group waits: all records before it are committed.
 *
 * @returns the batch, or the reason why it cannot be skipped
 * @throws Fault if Kafka fails
 */
export const findUndecodable = async (
  partition: SkippablePartition,
  offset: number,
): Promise<UndecodableBatch | string> => {
  const committed = await partition.committed()
  if (committed === undefined) return 'the group has no committed offset for this partition: start the worker first'
  if (committed > offset) return `the group has already committed offset ${committed}`
  for (let position = committed; ;) {
    const fetched = await partition.fetchAt(position)
    if (fetched.errorCode !== 0) return `a fetch at offset ${position} failed with error ${fetched.errorCode}`
    const taken = await new RecordBatches(fetched, position).take()
    if (taken === undefined) return `there is nothing at this offset: the partition ends at ${fetched.highWatermark}`
    if (taken.kind === 'undecodable') {
      const { offset: first, lastOffset } = taken
      return offset <= lastOffset ? taken : `the batch that cannot be decoded has offsets ${first} to ${lastOffset}`
    }
    if (taken.nextOffset > offset) return 'the record batch at this offset can be decoded: there is nothing to skip'
    if (taken.messages.length > 0) {
      return `the group has committed offset ${committed}, but records before this offset are missing: wait until the worker reaches it`
    }
    position = taken.nextOffset
  }
}
