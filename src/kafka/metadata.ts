import { createRequire } from 'node:module'

interface Metadata {
  readonly topicMetadata: readonly { readonly partitionMetadata: readonly object[] }[]
}

interface Exchange {
  readonly response: { readonly parse: (data: Metadata) => Promise<unknown> }
}

type Protocol = (asked: { version: number }) => (args: unknown) => Exchange

const load = createRequire(import.meta.url)
const client = load('kafkajs/src/protocol/requests/metadata') as { protocol: Protocol }
const original = client.protocol

/** A partition that has no leader says so as its leader, and no more as an error of the whole answer. */
const withoutErrors = ({ topicMetadata, ...rest }: Metadata): Metadata => ({
  ...rest,
  topicMetadata: topicMetadata.map(topic => ({
    ...topic,
    partitionMetadata: topic.partitionMetadata.map(partition => ({ ...partition, partitionErrorCode: 0 })),
  })),
})

/**
 * Lets the client know a topic of which one partition has no leader: by itself (2.2.4) it refuses the metadata of all
 * partitions then (tulios/kafkajs#1460). Such a partition has the leader -1. An error of a whole topic stays one.
 */
export const knowPartitionsWithoutLeader = (): void => {
  client.protocol = asked => args => {
    const exchange = original(asked)(args)
    const { parse } = exchange.response
    return { ...exchange, response: { ...exchange.response, parse: data => parse(withoutErrors(data)) } }
  }
}
