import { type FaultCase } from './fault.ts'
import { expectQuietWait } from './quiet-wait.ts'
import { type Scene } from './scene.ts'
import { type WorkerProcess } from './worker-process.ts'

const downAtStart = async (scene: Scene): Promise<WorkerProcess> => {
  const { cassandra } = scene.environment
  await cassandra.kill()
  const worker = await scene.startWorker()
  await scene.mustSoon('a worker without Cassandra logs it', () => worker.said('waiting for a fault') !== undefined)
  await cassandra.start()
  return worker
}

const downUnderLoad = async (scene: Scene, worker: WorkerProcess, seconds: number): Promise<void> => {
  const { cassandra } = scene.environment
  await scene.mustSoon('it starts once Cassandra runs', async () => (await scene.committed()) > 0)
  scene.startPublishing(1_000)
  await scene.mustSoon('load is under way', () => scene.published > scene.events / 4)
  await cassandra.kill()
  scene.say(`Cassandra is down for ${seconds} s ...`)
  await expectQuietWait(scene, worker, 'Cassandra', seconds)
  await cassandra.start()
  scene.healed()
  await scene.caughtUp()
  scene.expect((scene.secondsToHeal ?? 60) < 60, 'it recovers within 60 s')
}

export const cassandraDown: FaultCase = {
  name: 'F18-cassandra-down',
  title:
    'Cassandra killed at the start and under load: the worker waits, publishes no dead letters and recovers by itself',
  figures: { logLinesPerSecond: 'log lines a second' },
  events: 20_000,
  run: async scene => {
    await scene.publish(scene.events / 4)
    await downUnderLoad(scene, await downAtStart(scene), 60)
  },
}

export const cassandraDownShortly: FaultCase = {
  ...cassandraDown,
  name: 'F18-cassandra-down-shortly',
  title: 'Cassandra killed under load: the worker waits, publishes no dead letters and recovers by itself',
  events: 5_000,
  run: async scene => {
    await scene.publish(scene.events / 4)
    await downUnderLoad(scene, await scene.startWorker(), 5)
  },
}
