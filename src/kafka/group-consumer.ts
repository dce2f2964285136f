import { type Consumer, type Kafka, type PartitionAssigner } from 'kafkajs'
import { type KafkaSettings } from '../config/settings.ts'
import { subscriberAssigner } from './assigner.ts'
import { type GroupHooks, hookGroup } from './client-group.ts'
import { type Cluster } from './cluster.ts'
import { metadataMs } from './metadata-refresh.ts'

/** A consumer of the client with these hooks. The assigner sets them because it gets the cluster. */
export const openGroupConsumer = (kafka: Kafka, settings: KafkaSettings, hooks: GroupHooks): Consumer => {
  const assigner: PartitionAssigner = config => {
    hookGroup(config.cluster as unknown as Cluster, hooks)
    return subscriberAssigner(config)
  }
  return kafka.consumer({
    groupId: settings.groupId,
    partitionAssigners: [assigner],
    sessionTimeout: settings.sessionTimeoutMs,
    heartbeatInterval: settings.heartbeatIntervalMs,
    metadataMaxAge: metadataMs,
    allowAutoTopicCreation: false,
    // We restart it ourselves.
    retry: { restartOnFailure: () => Promise.resolve(false) },
  })
}
