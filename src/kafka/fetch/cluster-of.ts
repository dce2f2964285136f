import { type Kafka } from 'kafkajs'
import { type Cluster } from '../cluster.ts'

type CreateCluster = (options: { metadataMaxAge: number; allowAutoTopicCreation: boolean }) => Cluster

/** A cluster without a consumer, producer or admin. The client's factory for it is stored under a symbol. */
export const clusterOf = (kafka: Kafka): Cluster => {
  const symbol = Object.getOwnPropertySymbols(kafka).find(({ description }) => description?.endsWith('createCluster'))
  const create = symbol === undefined ? undefined : (kafka as unknown as Record<symbol, CreateCluster>)[symbol]
  if (create === undefined) throw new Error('this version of kafkajs has no createCluster')
  return create({ metadataMaxAge: 60_000, allowAutoTopicCreation: false })
}
