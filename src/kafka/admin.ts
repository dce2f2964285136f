import { type Admin, type Kafka } from 'kafkajs'

/** Runs `use` with an admin client of its own: its metadata is fresh, which a standing client's is not for minutes. */
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
