import { type Kafka } from 'kafkajs'
import { type Cluster, endsOf } from './cluster.ts'
import { faultOf } from './faults.ts'
import { clusterOf } from './fetch/cluster-of.ts'

/** Looks up the ends of the topic's partitions, with connections of its own. */
export interface TopicEnds {
  /**
   * The offset after the last readable record, by partition. Records of open transactions do not count. Partitions without
   * a leader are left out.
   *
   * @throws Fault if Kafka does not answer
   */
  probe(): Promise<ReadonlyMap<number, number>>
  close(): Promise<void>
}

export const openTopicEnds = (kafka: Kafka, topic: string): TopicEnds => {
  let cluster: Cluster | undefined

  const connected = async (): Promise<Cluster> => {
    if (cluster !== undefined) return cluster
    const opened = clusterOf(kafka)
    await opened.connect()
    cluster = opened
    return opened
  }

  const close = async (): Promise<void> => {
    const open = cluster
    cluster = undefined
    await open?.disconnect().catch(() => undefined)
  }

  return {
    probe: async () => {
      try {
        return await endsOf(await connected(), topic)
      } catch (error) {
        // The client's metadata may be stale. The next one fetches it again.
        await close()
        throw faultOf(error)
      }
    },
    close,
  }
}
