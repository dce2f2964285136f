import { type Kafka } from 'kafkajs'
import { type Broker } from './request.ts'

/** What the client keeps of the brokers (2.2.4, cluster/index.js). */
export interface Cluster {
  connect(): Promise<void>
  disconnect(): Promise<void>
  addTargetTopic(topic: string): Promise<void>
  findTopicPartitionMetadata(topic: string): { partitionId: number; leader: number }[]
  findBroker(node: { nodeId: number }): Promise<Broker>
}

type CreateCluster = (options: { metadataMaxAge: number; allowAutoTopicCreation: boolean }) => Cluster

/** The client gives its connections to consumers, producers and admins only; the maker of them is under a symbol. */
export const clusterOf = (kafka: Kafka): Cluster => {
  const symbol = Object.getOwnPropertySymbols(kafka).find(({ description }) => description?.endsWith('createCluster'))
  const create = symbol === undefined ? undefined : (kafka as unknown as Record<symbol, CreateCluster>)[symbol]
  if (create === undefined) throw new Error('the Kafka client has no clusters where 2.2.4 has them')
  return create({ metadataMaxAge: 60_000, allowAutoTopicCreation: false })
}
