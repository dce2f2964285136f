import { type Admin, type Kafka } from 'kafkajs'

/**
 * Runs `use` with a new admin client, whose metadata is fresh. Call fetchTopicOffsets first: until a topic is named, the
 * client requests the metadata of all topics, which fails if any partition in the cluster has no leader
 * (tulios/kafkajs#1460).
 */
export const withAdmin = async <T>(kafka: Kafka, use: (admin: Admin) => Promise<T>): Promise<T> => {
  const admin = kafka.admin()
  try {
    await admin.connect()
    return await use(admin)
  } finally {
    // A failed disconnect must not hide an earlier error.
    await admin.disconnect().catch(() => undefined)
  }
}
