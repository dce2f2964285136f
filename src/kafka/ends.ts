import { type Admin, type Kafka } from 'kafkajs'
import { faultOf } from './faults.ts'

/** Looks up the ends of the topic's partitions, with a connection of its own. */
export interface TopicEnds {
  /**
   * The offset after the last readable record, by partition. Records of open transactions do not count.
   *
   * @throws Fault if Kafka does not answer
   */
  probe(): Promise<ReadonlyMap<number, number>>
  close(): Promise<void>
}

export const openTopicEnds = (kafka: Kafka, topic: string): TopicEnds => {
  let admin: Admin | undefined

  const connected = async (): Promise<Admin> => {
    if (admin !== undefined) return admin
    const opened = kafka.admin()
    await opened.connect()
    admin = opened
    return opened
  }

  const close = async (): Promise<void> => {
    const open = admin
    admin = undefined
    await open?.disconnect().catch(() => undefined)
  }

  return {
    probe: async () => {
      try {
        const offsets = await (await connected()).fetchTopicOffsets(topic)
        return new Map(offsets.map(({ partition, high }) => [partition, Number(high)]))
      } catch (error) {
        // The client's metadata may be stale. The next one fetches it again.
        await close()
        throw faultOf(error)
      }
    },
    close,
  }
}
