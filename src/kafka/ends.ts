import { type Admin, type Kafka } from 'kafkajs'
import { faultOf } from './faults.ts'

/** Asks, over a connection of its own, how far the topic goes. */
export interface TopicEnds {
  /**
   * By partition the offset behind the last record that may be read: what belongs to a transaction still open is not
   * counted (the client asks as a consumer of committed records does).
   *
   * @throws Fault when Kafka does not answer.
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
        // What a client knows of the brokers may be out of date: the next one asks anew.
        await close()
        throw faultOf(error)
      }
    },
    close,
  }
}
