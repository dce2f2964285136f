import { createRequire } from 'node:module'
import { type Cluster } from './cluster.ts'
import { RecordBatches } from './fetch/record-batches.ts'
import { fetchRecordSets } from './fetch/request.ts'
import { type Ask, type Fetched } from './member.ts'

const { createErrorFromCode } = createRequire(import.meta.url)('kafkajs/src/protocol/error') as {
  createErrorFromCode: (code: number) => Error
}

// From the protocol's table of errors, those of one partition: the leader is another one, or not there at the moment.
const staleMetadata = new Set([3, 5, 6, 9, 56, 74, 75])
// None, out of range, and corrupt: no other broker knows better.
const ofPartition = new Set([0, 1, 2])

/** Whether a partition is led by another broker, or by none: the metadata have to be read anew. */
export const hasMoved = (fetched: readonly Fetched[]): boolean =>
  fetched.some(({ errorCode }) => staleMetadata.has(errorCode))

/**
 * Fetches what is asked for from one broker.
 *
 * @throws the client's errors; what is wrong with one partition is its errorCode
 */
export const fetchPartitions = async (
  cluster: Cluster,
  nodeId: number,
  topic: string,
  ask: Ask,
): Promise<readonly Fetched[]> => {
  const broker = await cluster.findBroker({ nodeId })
  const answers = await fetchRecordSets(broker, { ...ask, topic })
  const fatal = answers.find(({ errorCode }) => !staleMetadata.has(errorCode) && !ofPartition.has(errorCode))
  if (fatal !== undefined) throw createErrorFromCode(fatal.errorCode)
  const offsets = new Map(ask.partitions.map(({ partition, fetchOffset }) => [partition, fetchOffset]))
  return answers.map(answer => {
    const { partition, errorCode, lastStableOffset, highWatermark } = answer
    const fetchOffset = offsets.get(partition) ?? -1
    const end = lastStableOffset < 0 ? highWatermark : lastStableOffset
    return { partition, fetchOffset, errorCode, end, batches: new RecordBatches(answer, fetchOffset) }
  })
}
