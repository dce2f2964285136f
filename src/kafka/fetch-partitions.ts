import { type Cluster } from './cluster.ts'
import { RecordBatches } from './fetch/record-batches.ts'
import { createErrorFromCode, fetchRecordSets } from './fetch/request.ts'
import { type Fetched, type FetchRequest } from './member.ts'

// Error codes of the protocol: the partition has another leader, or none at the moment.
const staleMetadata = new Set([3, 5, 6, 9, 56, 74, 75])
// None, out of range, and corrupt: another broker would not help.
const ofPartition = new Set([0, 1, 2])

/** Whether a partition has another leader or none, so that the metadata must be refreshed. */
export const hasMoved = (fetched: readonly Fetched[]): boolean =>
  fetched.some(({ errorCode }) => staleMetadata.has(errorCode))

/**
 * Fetches from one broker.
 *
 * @throws the client's errors; an error of one partition is its errorCode
 */
export const fetchPartitions = async (
  cluster: Cluster,
  nodeId: number,
  topic: string,
  request: FetchRequest,
): Promise<readonly Fetched[]> => {
  const broker = await cluster.findBroker({ nodeId })
  const answers = await fetchRecordSets(broker, topic, request)
  const fatal = answers.find(({ errorCode }) => !staleMetadata.has(errorCode) && !ofPartition.has(errorCode))
  if (fatal !== undefined) throw createErrorFromCode(fatal.errorCode)
  const offsets = new Map(request.partitions.map(({ partition, fetchOffset }) => [partition, fetchOffset]))
  return answers.map(answer => {
    const { partition, errorCode, lastStableOffset, highWatermark } = answer
    const fetchOffset = offsets.get(partition) ?? -1
    const end = lastStableOffset < 0 ? highWatermark : lastStableOffset
    return { partition, fetchOffset, errorCode, end, batches: new RecordBatches(answer, fetchOffset) }
  })
}
