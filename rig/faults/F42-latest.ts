import { Partitioners } from 'kafkajs'
import { type FaultCase } from './fault.ts'
import { type FaultMessage } from './load.ts'
import { type PartitionOffsets } from './offsets.ts'
import { type Scene } from './scene.ts'
import { type WorkerProcess } from './worker-process.ts'

const latest = { KAFKA_AUTO_OFFSET_RESET: 'latest' }
const hourMs = 3_600_000
// Everything is small, and without its offsets a group would never catch up.
const caughtUpSeconds = 90

const assigned = async (scene: Scene): Promise<WorkerProcess> => {
  const worker = await scene.startWorker(latest)
  await scene.untilAssigned(worker)
  return worker
}

/** Each message has its own enrolment, because versions in several partitions have no order. */
const inPartition = (partition: number, messages: Iterable<FaultMessage>): FaultMessage[] =>
  [...messages].map((message, index) => {
    const text = message.value?.toString().replace('-mrkr', `-p${partition}-${index}-mrkr`)
    return { ...message, partition, value: text === undefined ? null : Buffer.from(text) }
  })

/** Published an hour ago. A group that starts at the end must not write rows for it. */
const publishHistory = async (scene: Scene, count: number): Promise<PartitionOffsets[]> => {
  const producer = scene.kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner })
  await producer.connect()
  const timestamp = String(Date.now() - hourMs)
  const messages = [...scene.take(count)].map(message => ({ ...message, timestamp }))
  await producer.send({ topic: scene.topic, acks: -1, messages })
  await producer.disconnect()
  return scene.partitionOffsets()
}

/** Hidden from the oracle, so that a row of it counts as one without an event. */
const forget = (scene: Scene, history: readonly PartitionOffsets[]): Promise<void> =>
  scene.admin.deleteTopicRecords({
    topic: scene.topic,
    partitions: history.map(({ partition, high }) => ({ partition, offset: String(high) })),
  })

export const latestPinned: FaultCase = {
  name: 'F42-latest',
  title:
    'A new group with latest is stopped before its first event, killed with an empty partition, and gets a new one: nothing later is lost',
  events: 800,
  eachBad: 0,
  run: async scene => {
    const history = await publishHistory(scene, scene.events / 4)
    // Slow enough for SIGTERM to arrive before the ends of the partitions are known.
    for (const link of scene.environment.kafkaLinks) link.weather = { latencyMs: 100 }
    const first = await assigned(scene)
    await first.signal('SIGTERM')
    scene.expect(first.end === 0, `it ended with ${first.end ?? '?'} on SIGTERM`)
    for (const link of scene.environment.kafkaLinks) link.weather = {}
    await scene.publishThese(inPartition(0, scene.take(scene.events / 4)))
    const second = await assigned(scene)
    await scene.caughtUp(caughtUpSeconds)
    await second.signal('SIGKILL')
    await scene.publishThese(inPartition(1, scene.take(scene.events / 4)))
    const third = await assigned(scene)
    await scene.caughtUp(caughtUpSeconds)
    await third.signal('SIGTERM')
    await scene.addPartitions(3)
    await scene.publishThese(inPartition(2, scene.take(scene.events / 8)))
    await assigned(scene)
    scene.healed()
    await scene.publishThese(inPartition(2, scene.take(scene.events / 8)))
    await scene.caughtUp(caughtUpSeconds)
    await forget(scene, history)
  },
}

/** Each partition has a single replica. */
const spreadOut = async (scene: Scene): Promise<void> => {
  const { admin, topic } = scene
  await admin.deleteTopics({ topics: [topic] })
  const replicaAssignment = [1, 2].map((broker, partition) => ({ partition, replicas: [broker] }))
  const configEntries = [{ name: 'min.insync.replicas', value: '1' }]
  await scene.mustSoon('the topic is recreated', async () => {
    // Does nothing while the old topic still exists.
    await admin.createTopics({ topics: [{ topic, replicaAssignment, configEntries }], waitForLeaders: false })
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
    const partitions = topics[0]?.partitions ?? []
    return partitions.length === 2 && partitions.every(p => p.replicas.length === 1 && p.leader === p.partitionId + 1)
  })
}

/** From the worker's state, because the rig's client gets no metadata of a topic while a partition has no leader. */
const writtenBy = async (worker: WorkerProcess): Promise<number> =>
  (await worker.state<{ totals: { written: number } }>()).totals.written

export const latestWithoutLeader: FaultCase = {
  name: 'F42-latest-without-leader',
  title:
    'A new group with latest starts while a partition has no leader, and is killed: that partition is read from that moment on',
  events: 600,
  eachBad: 0,
  brokers: 3,
  run: async scene => {
    await spreadOut(scene)
    // Now the publisher knows the partitions: a new client gets no metadata of a topic while one has no leader.
    await scene.publishThese(inPartition(0, scene.take(1)))
    const history = await publishHistory(scene, scene.events / 3)
    const away = scene.environment.brokers[1]
    await away?.kill()
    const first = await scene.startWorker(latest)
    await scene.mustSoon('the partition without a leader waits', () =>
      first.lines.some(line => line.message.startsWith('a partition waits') && line['partition'] === 1),
    )
    // What is published earlier is not promised with latest.
    await scene.untilAssigned(first)
    const third = scene.events / 3
    await scene.publishThese(inPartition(0, scene.take(third)))
    await scene.mustSoon('the other continues', async () => (await writtenBy(first)) === third)
    await first.signal('SIGKILL')
    await away?.start()
    await scene.publishThese(inPartition(1, scene.take(third)))
    await assigned(scene)
    scene.healed()
    await scene.caughtUp()
    await forget(scene, history)
  },
}
