import { type ICustomPartitioner } from 'kafkajs'

/**
 * Uses the partition in the message, modulo the number of partitions. The client's own partitioner hashes keys with numbers that
 * grow without limit: a key of 200 KB blocks the process for seconds, a key of a megabyte for minutes.
 */
export const samePartition: ICustomPartitioner =
  () =>
  ({ partitionMetadata, message }) =>
    (message.partition ?? 0) % partitionMetadata.length
