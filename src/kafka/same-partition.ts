import { type ICustomPartitioner } from 'kafkajs'

/**
 * A message goes to the partition that it names, modulo those that the topic has. The client's own partitioner hashes
 * keys with numbers that grow without bound: a key of 200 KB stops the process for seconds, one of a megabyte for minutes.
 */
export const samePartition: ICustomPartitioner =
  () =>
  ({ partitionMetadata, message }) =>
    (message.partition ?? 0) % partitionMetadata.length
