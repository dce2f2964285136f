import { crc32c } from '@node-rs/crc32'
import { readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crcFrom, recordsFrom } from '../../src/kafka/fetch/batch-header.ts'
import { type Broker } from '../servers/kafka.ts'

// From the protocol guide, "Record Batch": the offset, then the length of everything after it.
const lengthAt = 8
const overhead = 12
const crcAt = 17

const segmentOf = ({ dataFolder }: Broker, topic: string, partition: number): string =>
  join(dataFolder, `${topic}-${partition}`, '00000000000000000000.log')

const lastBatchAt = (segment: Buffer): number => {
  let at = 0
  for (let next = 0; next < segment.length; next = at + overhead + segment.readInt32BE(at + lengthAt)) at = next
  return at
}

/** The bytes of the last record batch of a partition, read from the broker's disk. */
export const lastBatch = async (broker: Broker, topic: string, partition: number): Promise<Buffer> => {
  const segment = await readFile(segmentOf(broker, topic, partition))
  return segment.subarray(lastBatchAt(segment))
}

/**
 * Cuts the last record batch of a partition in the middle of its compressed records, and corrects its length and checksum. A
 * broker would refuse such a batch from a producer, so this changes the file while the broker is stopped.
 */
export const cutLastBatch = async (broker: Broker, topic: string, partition: number): Promise<Buffer> => {
  const file = segmentOf(broker, topic, partition)
  const segment = await readFile(file)
  const at = lastBatchAt(segment)
  const whole = segment.subarray(at)
  const batch = Buffer.from(whole.subarray(0, recordsFrom + Math.floor((whole.length - recordsFrom) / 2)))
  batch.writeInt32BE(batch.length - overhead, lengthAt)
  batch.writeUInt32BE(crc32c(batch.subarray(crcFrom)), crcAt)
  await writeFile(file, Buffer.concat([segment.subarray(0, at), batch]), { flag: 'r+' })
  await truncate(file, at + batch.length)
  return batch
}
