import { type FaultCase } from './fault.ts'
import { type Scene } from './scene.ts'
import { configureTopic } from './topic-config.ts'

const nothingIsCommitted = async (scene: Scene): Promise<void> => {
  const before = await scene.committed()
  await scene.publish(scene.events / 4)
  await scene.pass(5)
  const after = await scene.committed()
  // Up to the first bad message, about one in six.
  scene.expect(after - before < 200, `${after - before} were committed while no dead letter could be published`)
}

export const deadLetterTopic: FaultCase = {
  name: 'F30-dead-letter-topic',
  title: 'The dead-letter topic accepts nothing, then is deleted: offsets do not advance until it is fixed',
  events: 4_000,
  run: async scene => {
    const worker = await scene.startWorker()
    await scene.publish(scene.events / 4)
    await scene.untilCommitted(scene.events / 4)
    await configureTopic(scene.admin, scene.deadLetterTopic, { 'max.message.bytes': '100' })
    await nothingIsCommitted(scene)
    await scene.mustSoon('it reports what has to be fixed', () => worker.said('needs attention') !== undefined)
    await configureTopic(scene.admin, scene.deadLetterTopic)
    await scene.untilCommitted(scene.events / 2)
    // Its content would be lost, so it is copied to a new topic of the same name.
    const letters = await scene.readTopic(scene.deadLetterTopic)
    scene.keepDeadLetters(letters)
    await scene.admin.deleteTopics({ topics: [scene.deadLetterTopic] })
    await nothingIsCommitted(scene)
    await scene.createTopic(scene.deadLetterTopic, 1)
    scene.healed()
    await scene.publish()
    await scene.caughtUp()
  },
}
