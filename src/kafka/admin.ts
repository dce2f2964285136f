import { type Admin, type Kafka } from 'kafkajs'

/**
 * Runs `use` with an admin client of its own: its metadata is fresh, which a standing client's is not for minutes. Until
 * `use` has named a topic, the client asks for the metadata of all there are, and gets none of any while one partition
 * of any topic in the cluster has no leader (tulios/kafkajs#1460): begin with fetchTopicOffsets.
 */
export const withAdmin = async <T>(kafka: Kafka, use: (admin: Admin) => Promise<T>): Promise<T> => {
  const admin = kafka.admin()
  try {
    await admin.connect()
    return await use(admin)
  } finally {
    // A failed disconnect must not hide what went wrong before it.
    await admin.disconnect().catch(() => undefined)
  }
}
