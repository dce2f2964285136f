import { CompressionTypes, Partitioners } from 'kafkajs'
import { type FaultCase } from './fault.ts'
import { fateHeader } from './load.ts'
import { type Scene } from './scene.ts'
import { cutLastBatch, lastBatch } from './segment.ts'
import { type WorkerProcess } from './worker-process.ts'

/** One of each kind, each in its own partition. */
const [tooLarge, cut] = [0, 1]
const zeros = 200 * 2 ** 20
const mostMb = 300
// Everything is small.
const seconds = 60

interface Undecodable {
  readonly partition: number
  readonly offset: number
  readonly raw: Buffer
}

const publishBatch = async (scene: Scene, partition: number, value: Buffer): Promise<void> => {
  const producer = scene.kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner })
  await producer.connect()
  const messages = [{ partition, value }]
  await producer.send({ topic: scene.topic, compression: CompressionTypes.GZIP, timeout: 30_000, messages })
  await producer.disconnect()
}

/** A batch of 200 MB and a truncated one, each at the end of its partition. */
const publishBoth = async (scene: Scene): Promise<Undecodable[]> => {
  const { topic } = scene
  const [broker] = scene.environment.brokers
  if (broker === undefined) throw new Error('no broker')
  const ends = new Map((await scene.partitionOffsets()).map(({ partition, high }) => [partition, high]))
  await publishBatch(scene, tooLarge, Buffer.alloc(zeros))
  await publishBatch(scene, cut, Buffer.from(JSON.stringify([...scene.take(20)].map(({ value }) => String(value)))))
  const whole = await lastBatch(broker, topic, tooLarge)
  await broker.terminate()
  const half = await cutLastBatch(broker, topic, cut)
  await broker.start()
  return [
    { partition: tooLarge, offset: ends.get(tooLarge) ?? -1, raw: whole },
    { partition: cut, offset: ends.get(cut) ?? -1, raw: half },
  ]
}

/** Deletes these batches and the records before them: the rig's reader cannot decode them either. */
const dropWhatWasRemembered = async (scene: Scene, batches: readonly Undecodable[]): Promise<void> => {
  const partitions = batches.map(({ partition, offset }) => ({ partition, offset: String(offset + 1) }))
  await scene.admin.deleteTopicRecords({ topic: scene.topic, partitions })
}

const isVisible = async (worker: WorkerProcess, { partition, offset }: Undecodable): Promise<boolean> => {
  const [ready, metrics] = await Promise.all([worker.page('ready'), worker.page('metrics')])
  return (
    worker.lines.some(line => line.message.startsWith('a partition waits') && line['offset'] === offset) &&
    ready.includes(`partition ${partition} waits at offset ${offset}`) &&
    new RegExp(`partition_waiting\\{[^}]*partition="${partition}"[^}]*\\} 1`).test(metrics)
  )
}

const standsAt = async (scene: Scene, waiting: readonly Undecodable[]): Promise<boolean> => {
  const at = new Map(waiting.map(({ partition, offset }) => [partition, offset]))
  return (await scene.partitionOffsets()).every(
    ({ partition, committed, high }) => committed === (at.get(partition) ?? high),
  )
}

export const undecodable: FaultCase = {
  name: 'F33-undecodable',
  title:
    'A batch of 200 MB of zeros in one partition, and a truncated one in another: each waits alone and is reported until it is skipped',
  events: 620,
  eachBad: 0,
  partitions: 4,
  run: async scene => {
    await scene.publish(scene.events / 2)
    await scene.remember(({ partition }) => partition === tooLarge || partition === cut)
    const batches = await publishBoth(scene)
    await scene.publish()
    const worker = await scene.startWorker()
    for (const batch of batches) {
      await scene.mustSoon(`partition ${batch.partition} waits, seen`, () => isVisible(worker, batch), seconds)
    }
    await scene.mustSoon('only these two wait', () => standsAt(scene, batches), seconds)
    // Longer than the worker waits before it retries.
    await scene.pass(12)
    scene.expect(await standsAt(scene, batches), 'they continue by themselves')

    for (const [done, { partition, offset, raw }] of batches.entries()) {
      const skip = (at: number) =>
        scene.command('skip', '--partition', String(partition), '--offset', String(at), '--yes')
      const behind = await skip(offset + 1)
      scene.expect(behind.code !== 0, `another offset was skipped: ${behind.says}`)
      const { code, says } = await skip(offset)
      scene.expect(code === 0, `skip ended with ${code}: ${says}`)
      await scene.mustSoon(
        `partition ${partition} continues while the worker runs`,
        () => standsAt(scene, batches.slice(done + 1)),
        20,
      )
      // The dead letters must contain it, byte for byte.
      const headers = new Map([[fateHeader, 'dead-letter']])
      scene.remembered.push({ partition, offset, key: null, value: raw, headers })
    }
    scene.healed()
    await scene.caughtUp(seconds)
    scene.expect(worker.running && !(await worker.page('ready')).includes('waits'), 'it is ready again')
    scene.expect(worker.lines.filter(line => 'assignment' in line).length === 1, 'the group is not disturbed')
    const { rssMaxMb } = await scene.readings()
    scene.expect(rssMaxMb < mostMb, `${rssMaxMb} MB of memory`)
    await dropWhatWasRemembered(scene, batches)
  },
}
