import { type FaultCase } from './fault.ts'
import { coordinatorOf, createLoneTopic, untilInSync } from './leaders.ts'

export const coordinatorRestarted: FaultCase = {
  name: 'F13-coordinator-restarted',
  title: 'The group coordinator is killed, then the next one is suspended and resumed: no worker stays idle',
  events: 30_000,
  brokers: 3,
  run: async scene => {
    await createLoneTopic(scene)
    scene.startPublishing(300)
    await scene.startWorker()
    await scene.untilCommitted(1_000)
    await untilInSync(scene, scene.topic, '__consumer_offsets')
    const killed = scene.environment.brokers[(await coordinatorOf(scene)) - 1]
    await killed?.kill()
    const before = await scene.committed()
    await scene.mustSoon('it continues with another coordinator', async () => (await scene.committed()) > before + 300)
    await killed?.start()
    await untilInSync(scene, scene.topic, '__consumer_offsets')
    const hung = scene.environment.brokers[(await coordinatorOf(scene)) - 1]
    hung?.pause()
    await scene.pass(20)
    hung?.resume()
    scene.healed()
    await scene.caughtUp()
  },
}
