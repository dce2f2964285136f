import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { CompressionTypes, type Consumer, Kafka, logLevel, type Message } from 'kafkajs'
import { borrowKafka, type Borrowed } from '../../rig/servers/borrow.ts'
import { newestKafka } from '../../rig/servers/kafka.ts'
import { createTopics } from '../../rig/servers/topics.ts'
import { contentLimit } from '../../src/kafka/codecs/codec.ts'
import { clusterOf } from '../../src/kafka/fetch/cluster-of.ts'
import { type FetchedPartition } from '../../src/kafka/fetch/fetched.ts'
import { RecordBatches } from '../../src/kafka/fetch/record-batches.ts'
import { fetchRecordSets } from '../../src/kafka/fetch/request.ts'
import { openSocket } from '../../src/kafka/socket.ts'
import { command } from './command.ts'
import { eventually } from '../../rig/eventually.ts'

const topic = 'fetch.events'
const failed = 'fetch.failed'
const group = 'fetch-group'

describe(`fetching record sets from Kafka ${newestKafka}`, () => {
  let cluster: Borrowed<{ readonly bootstrap: string }>
  let kafka: Kafka
  let member: Consumer | undefined

  const publish = async (partition: number, messages: readonly Message[], compression = CompressionTypes.None) => {
    const producer = kafka.producer()
    await producer.connect()
    await producer.send({ topic, compression, messages: messages.map(message => ({ ...message, partition })) })
    await producer.disconnect()
  }

  const fetch = async (
    asked: readonly (readonly [partition: number, fetchOffset: number])[],
    maxBytes: number,
  ): Promise<readonly FetchedPartition[]> => {
    const connections = clusterOf(kafka)
    try {
      await connections.connect()
      await connections.addTargetTopic(topic)
      const broker = await connections.findBroker({ nodeId: 1 })
      const partitions = asked.map(([partition, fetchOffset]) => ({ partition, fetchOffset }))
      const request = { partitions, maxWaitMs: 500, maxBytes, maxBytesPerPartition: maxBytes }
      return await fetchRecordSets(broker, topic, request)
    } finally {
      await connections.disconnect()
    }
  }

  before(async () => {
    cluster = await borrowKafka(newestKafka)
    await createTopics(cluster.bootstrap, { [topic]: 4, [failed]: 1 })
    kafka = new Kafka({ brokers: [cluster.bootstrap], logLevel: logLevel.NOTHING, socketFactory: openSocket })
    for (const partition of [0, 1, 2]) {
      for (let i = 0; i < 3; i++) await publish(partition, [{ value: Buffer.alloc(10_000, 97) }])
    }
  })
  after(async () => {
    await member?.disconnect()
    await cluster.giveBack()
  })

  test('a broker fills the response in the requested order, and sends the first batch whole', async () => {
    for (const order of [
      [2, 0, 1],
      [1, 2, 0],
    ]) {
      const fetched = await fetch(
        order.map(partition => [partition, 0] as const),
        1000,
      )
      const filled = fetched.filter(({ records }) => records.length > 0)
      assert.deepEqual(
        filled.map(({ partition }) => partition),
        order.slice(0, 1),
      )
    }
  })

  test('reports the error of one partition together with the records of the others', async () => {
    const asked = [0, 1, 9].map(partition => [partition, partition === 1 ? 500 : 0] as const)
    const fetched = await fetch(asked, 2 ** 20)
    const codes = new Map(fetched.map(({ partition, errorCode }) => [partition, errorCode]))
    assert.deepEqual(
      codes,
      new Map([
        [0, 0],
        [1, 1],
        [9, 3],
      ]),
    )
    const [first] = fetched.filter(({ partition }) => partition === 0)
    assert.ok(first)
    assert.equal(first.highWatermark, 3)
    const taken = await new RecordBatches(first, 0).take()
    assert.ok(taken?.kind === 'records')
    assert.equal(taken.messages[0]?.value?.length, 10_000)
  })

  test('a batch that cannot be decoded can be skipped while the group has members', async () => {
    await publish(3, [{ value: 'first' }])
    // The broker decompresses what it receives, and accepts only what it can read, but of any size.
    await publish(3, [{ value: 'a' }, { value: Buffer.alloc(contentLimit) }], CompressionTypes.GZIP)
    await publish(3, [{ value: 'last' }])

    member = kafka.consumer({ groupId: group })
    const joined = member
    await joined.connect()
    await joined.subscribe({ topic: failed })
    await joined.run({ autoCommit: false, eachMessage: () => Promise.resolve() })
    await eventually('the member has committed', () => joined.commitOffsets([{ topic, partition: 3, offset: '1' }]))

    const env = {
      KAFKA_BROKER_SERVERS: cluster.bootstrap,
      KAFKA_INPUT_TOPIC: topic,
      KAFKA_OUTPUT_FAILED_TOPIC: failed,
      KAFKA_GROUP_ID: group,
    }
    const skip = async (offset: number) => {
      const ended = await command(env, 'skip', '--partition', '3', '--offset', String(offset), '--yes')
      return { code: ended.code, says: ended.output + ended.errors }
    }
    assert.match((await skip(0)).says, /committed offset 1/)
    const { code, says } = await skip(1)
    assert.match(says, /fetch.events partition 3, offsets 1 to 2, \d+ bytes: cannot decompress \(gzip\)/)
    assert.equal(code, 0, says)

    const admin = kafka.admin()
    await admin.connect()
    await eventually('the offset is committed', async () => {
      const [offsets] = await admin.fetchOffsets({ groupId: group, topics: [topic] })
      assert.equal(offsets?.partitions.find(({ partition }) => partition === 3)?.offset, '3')
    })
    assert.equal((await admin.describeGroups([group])).groups[0]?.state, 'Stable')
    assert.ok((await admin.fetchTopicOffsets(failed)).some(({ high }) => Number(high) >= 1))
    await admin.disconnect()
    assert.match((await skip(1)).says, /committed offset 3/)
  })
})
