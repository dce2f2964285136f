import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Admin, Kafka, logLevel } from 'kafkajs'
import { asyncScheduler } from 'rxjs'
import { borrowKafka, type Borrowed } from '../../rig/servers/borrow.ts'
import { newestKafka } from '../../rig/servers/kafka.ts'
import { createTopics } from '../../rig/servers/topics.ts'
import { scan, type StoredMessage } from '../../src/kafka/scan.ts'
import { openSocket } from '../../src/kafka/socket.ts'
import { type Span } from '../../src/kafka/spans.ts'
import { Fault } from '../../src/model/faults.ts'

const topic = 'scan.letters'
const shrinking = 'scan.shrinking'

describe(`a scan of a topic on Kafka ${newestKafka}`, () => {
  let cluster: Borrowed<{ readonly bootstrap: string }>
  let kafka: Kafka
  let admin: Admin

  /** Six messages in each partition, of which a fetch returns two. */
  const fill = async (name: string, partitions: number): Promise<void> => {
    const producer = kafka.producer()
    await producer.connect()
    for (let partition = 0; partition < partitions; partition++) {
      for (let n = 0; n < 6; n++) {
        await producer.send({ topic: name, messages: [{ value: Buffer.alloc(400_000), partition }] })
      }
    }
    await producer.disconnect()
  }

  /** The positions that were visited. `during` is awaited in each visit and returns whether to continue. */
  const visited = async (
    spans: readonly Span[],
    {
      name = topic,
      during = () => Promise.resolve(true),
      signal = new AbortController().signal,
    }: { name?: string; during?: (message: StoredMessage) => Promise<boolean>; signal?: AbortSignal } = {},
  ): Promise<string[]> => {
    const seen: string[] = []
    const visit = async (message: StoredMessage): Promise<boolean> => {
      const goOn = await during(message)
      seen.push(`${message.partition}:${message.offset}`)
      return goOn
    }
    await scan(kafka, { topic: name, spans }, visit, signal, asyncScheduler)
    return seen
  }

  const both: readonly Span[] = [
    { partition: 1, from: 4, to: 6 },
    { partition: 0, from: 1, to: 4 },
  ]

  before(async () => {
    cluster = await borrowKafka(newestKafka)
    await createTopics(cluster.bootstrap, { [topic]: 3, [shrinking]: 1 })
    kafka = new Kafka({ brokers: [cluster.bootstrap], logLevel: logLevel.NOTHING, socketFactory: openSocket })
    admin = kafka.admin()
    await admin.connect()
    await Promise.all([fill(topic, 2), fill(shrinking, 1)])
    const producer = kafka.producer()
    await producer.connect()
    await producer.send({ topic, messages: ['a', 'b', 'c', 'd'].map(value => ({ value, partition: 2 })) })
    await producer.disconnect()
  })
  after(async () => {
    await admin.disconnect()
    await cluster.giveBack()
  })

  test('visits each message of the spans, one partition after another, and no other', async () => {
    assert.deepEqual(await visited(both), ['1:4', '1:5', '0:1', '0:2', '0:3'])
    assert.deepEqual(await visited([{ partition: 0, from: 3, to: 3 }]), [])
    // All in one record batch.
    assert.deepEqual(await visited([{ partition: 2, from: 1, to: 3 }]), ['2:1', '2:2'])
  })

  test('stops when a visit says so', async () => {
    for (const spans of [both, [{ partition: 2, from: 0, to: 4 }]]) {
      assert.equal((await visited(spans, { during: () => Promise.resolve(false) })).length, 1)
    }
  })

  test('finishes the current visit after an interruption, and starts no other', async () => {
    const interruption = new AbortController()
    const during = async (): Promise<boolean> => {
      interruption.abort()
      await admin.fetchTopicOffsets(topic)
      return true
    }
    assert.deepEqual(await visited(both, { during, signal: interruption.signal }), ['1:4'])
    assert.deepEqual(await visited(both, { signal: interruption.signal }), [])
  })

  test('passes an error of a visit on at once, even a transient fault of a server', async () => {
    const fault = new Fault('transient', 'the other topic is not available')
    let visits = 0
    const during = (): Promise<boolean> => {
      visits += 1
      return Promise.reject(fault)
    }
    await assert.rejects(visited(both, { during }), error => error === fault)
    assert.equal(visits, 1)
  })

  test('leaves out messages that retention removes meanwhile', async () => {
    const during = async ({ offset }: StoredMessage): Promise<boolean> => {
      if (offset > 0) return true
      // The client deletes only from a topic that it knows.
      await admin.fetchTopicOffsets(shrinking)
      await admin.deleteTopicRecords({ topic: shrinking, partitions: [{ partition: 0, offset: '4' }] })
      return true
    }
    const found = await visited([{ partition: 0, from: 0, to: 6 }], { name: shrinking, during })
    assert.deepEqual(found, ['0:0', '0:1', '0:4', '0:5'])
  })

  test('fails if the topic no longer has the offsets for another reason', async () => {
    await assert.rejects(
      visited([{ partition: 0, from: 7, to: 8 }]),
      (error: unknown) => error instanceof Fault && error.message.includes('partition 0 has no offset 7 any more'),
    )
  })
})
