import { Kafka, logLevel } from 'kafkajs'

/** Creates missing topics with the default replication factor. */
export const createTopics = async (bootstrap: string, partitions: Readonly<Record<string, number>>): Promise<void> => {
  const admin = new Kafka({ brokers: bootstrap.split(','), logLevel: logLevel.ERROR }).admin()
  const topics = Object.entries(partitions).map(([topic, numPartitions]) => ({ topic, numPartitions }))
  try {
    await admin.connect()
    await admin.createTopics({ topics, waitForLeaders: true })
  } finally {
    await admin.disconnect()
  }
}
