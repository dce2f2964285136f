import kafkajs, { type Consumer, type Kafka } from 'kafkajs'
import { type KafkaSettings } from '../config/settings.ts'
import { type GroupHooks, hookGroup } from './client-group.ts'
import { type Cluster } from './cluster.ts'
import { metadataMs } from './metadata-refresh.ts'

type Assigner = NonNullable<Parameters<Kafka['consumer']>[0]['partitionAssigners']>[number]

/** A consumer of the client with these hooks. The assigner is used because it gets the cluster. */
export const openGroupConsumer = (kafka: Kafka, settings: KafkaSettings, hooks: GroupHooks): Consumer => {
  const assigner: Assigner = config => {
    hookGroup(config.cluster as unknown as Cluster, hooks)
    return kafkajs.PartitionAssigners.roundRobin(config)
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
