import internal from 'kafkajs/src/protocol/requests/metadata/index.js'

interface Metadata {
  readonly topicMetadata: readonly { readonly partitionMetadata: readonly object[] }[]
}

interface Exchange {
  readonly response: { readonly parse: (data: Metadata) => Promise<unknown> }
}

type Protocol = (asked: { version: number }) => (args: unknown) => Exchange

const client = internal as { protocol: Protocol }
const original = client.protocol

/** Without the errors of partitions. A partition without a leader still has the leader -1. */
const withoutErrors = ({ topicMetadata, ...rest }: Metadata): Metadata => ({
  ...rest,
  topicMetadata: topicMetadata.map(topic => ({
    ...topic,
    partitionMetadata: topic.partitionMetadata.map(partition => ({ ...partition, partitionErrorCode: 0 })),
  })),
})

/**
 * Makes the client accept topics in which a partition has no leader. By itself (2.2.4) it then rejects the metadata of all
 * partitions (tulios/kafkajs#1460). Errors of a whole topic are kept.
 */
export const knowPartitionsWithoutLeader = (): void => {
  client.protocol = asked => args => {
    const exchange = original(asked)(args)
    const { parse } = exchange.response
    return { ...exchange, response: { ...exchange.response, parse: data => parse(withoutErrors(data)) } }
  }
}
