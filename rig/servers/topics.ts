import { Kafka, logLevel } from 'kafkajs'

/** Makes the topics that are missing, each with as many copies as the brokers keep by default. */
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
