import { type FaultCase } from './fault.ts'
import { expectQuietWait } from './quiet-wait.ts'
import { type Scene } from './scene.ts'

const outage = async (scene: Scene, seconds: number): Promise<void> => {
  const { brokers, kafkaLinks } = scene.environment
  await scene.publish(scene.events / 4)
  for (const link of kafkaLinks) link.refuse()
  const worker = await scene.startWorker()
  await scene.mustSoon('a worker without a broker logs it', () => worker.said('waiting for a fault') !== undefined)
  for (const link of kafkaLinks) link.mend()
  await scene.mustSoon('it starts once the brokers run', async () => (await scene.committed()) > 0)
  scene.startPublishing(1_000)
  await scene.mustSoon('load is under way', () => scene.published > scene.events / 4)
  await Promise.all(brokers.map(broker => broker.kill()))
  scene.say(`all brokers are down for ${seconds} s ...`)
  await expectQuietWait(scene, worker, 'the brokers', seconds)
  await Promise.all(brokers.map(broker => broker.start()))
  scene.healed()
  await scene.caughtUp()
  scene.expect(worker.running, 'it recovers by itself')
}

export const brokersDown: FaultCase = {
  name: 'F12-brokers-down',
  title: 'No broker at the start, then all brokers killed under load: the worker waits and recovers by itself',
  figures: { logLinesPerSecond: 'log lines a second' },
  events: 20_000,
  run: scene => outage(scene, 60),
}

export const brokersDownShortly: FaultCase = {
  ...brokersDown,
  name: 'F12-brokers-down-shortly',
  events: 5_000,
  run: scene => outage(scene, 5),
}
