import { type FaultCase } from './fault.ts'
import { type Scene } from './scene.ts'

const makeAnew = async (scene: Scene): Promise<void> => {
  await scene.admin.deleteTopics({ topics: [scene.topic] })
  await scene.mustSoon('the topic is gone', async () => !(await scene.admin.listTopics()).includes(scene.topic))
  await scene.mustSoon('the topic is recreated', () => scene.createTopic(scene.topic, 2).then(() => true))
}

export const topicMadeAnew: FaultCase = {
  name: 'F17-topic-made-anew',
  title: 'The topic is deleted and recreated with fewer messages while a worker runs: all of them are read',
  events: 5_000,
  // Two messages have the same origin here, so dead letters would be ambiguous.
  eachBad: 0,
  run: async scene => {
    await scene.publish(scene.events * 0.8)
    const worker = await scene.startWorker()
    await scene.caughtUp()
    await scene.remember(() => true)
    await makeAnew(scene)
    scene.anewAt = Date.now()
    await scene.publish()
    scene.healed()
    const isRead = async (): Promise<boolean> => (await scene.committed()) >= scene.events * 0.2
    await scene.mustSoon('it is read, or the worker gives up', async () => !worker.running || (await isRead()), 90)
    if (!worker.running) {
      scene.seen['ended'] = String(worker.end)
      scene.expect(worker.end !== 0, 'a worker that gives up ends with an error')
      await scene.startWorker()
    }
    await scene.caughtUp()
  },
}
