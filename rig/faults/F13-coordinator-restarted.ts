import { type FaultCase } from './fault.ts'
import { createLoneTopic, leaderOf, untilInSync } from './leaders.ts'
import { type Scene } from './scene.ts'

/** The group coordinator, which is the leader of the group's partition of the offsets topic. */
const coordinatorOf = async (scene: Scene): Promise<number> => {
  let hash = 0
  for (const unit of scene.group) hash = (Math.imul(31, hash) + unit.charCodeAt(0)) | 0
  return leaderOf(scene, '__consumer_offsets', (hash & 0x7fffffff) % 4)
}

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
