import { Client, types } from 'cassandra-driver'
import { type Consumer, Kafka, logLevel } from 'kafkajs'

const setting = (name: string): string => {
  const value = process.env[name]
  if (value === undefined) throw new Error(`${name} is not set`)
  return value
}

/** The same variables as the worker's. */
export const topic = (): string => setting('KAFKA_INPUT_TOPIC')
export const table = (): string => `${setting('ML_CASSANDRA_KEYSPACE')}.${setting('ML_CASSANDRA_TABLE')}`

/** A consumer from the beginning of the topic. The default fetch size is the client's, 1 MiB. */
export const subscribed = async (maxBytesPerPartition = 1_048_576): Promise<Consumer> => {
  const kafka = new Kafka({ brokers: setting('KAFKA_BROKER_SERVERS').split(','), logLevel: logLevel.ERROR })
  const consumer = kafka.consumer({ groupId: setting('KAFKA_GROUP_ID'), maxBytesPerPartition })
  await consumer.connect()
  await consumer.subscribe({ topic: topic(), fromBeginning: true })
  return consumer
}

export const connected = async (): Promise<Client> => {
  const client = new Client({
    contactPoints: [setting('ML_CASSANDRA_HOST')],
    protocolOptions: { port: Number(setting('ML_CASSANDRA_PORT')) },
    localDataCenter: setting('CASSANDRA_LOCAL_DATACENTER'),
    queryOptions: { consistency: types.consistencies.localQuorum, prepare: true },
  })
  await client.connect()
  return client
}

/** Ends the process properly on SIGTERM. */
export const endWith = (...close: (() => Promise<unknown>)[]): void => {
  process.once('SIGTERM', () => {
    void Promise.all(close.map(each => each())).finally(() => process.exit())
  })
}
