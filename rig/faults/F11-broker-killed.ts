import { type FaultCase } from './fault.ts'
import { createLoneTopic, leaderOf, untilInSync } from './leaders.ts'

const kills = 5

export const brokerKilled: FaultCase = {
  name: 'F11-broker-killed',
  title: 'SIGKILL of the broker that leads the partition, one of three, five times under load',
  events: 40_000,
  brokers: 3,
  run: async scene => {
    await createLoneTopic(scene)
    // Slow enough for the load to last until the last kill.
    scene.startPublishing(200)
    const worker = await scene.startWorker()
    await scene.untilCommitted(1_000)
    for (let kill = 0; kill < kills; kill += 1) {
      await untilInSync(scene, scene.topic, '__consumer_offsets')
      const leader = await leaderOf(scene, scene.topic, 0)
      const broker = scene.environment.brokers[leader - 1]
      if (broker === undefined) throw new Error(`broker ${leader} is unknown`)
      await broker.kill()
      const before = await scene.committed()
      await scene.mustSoon('it continues without this broker', async () => (await scene.committed()) > before + 300, 60)
      await broker.start()
    }
    scene.healed()
    await scene.caughtUp()
    scene.expect(worker.running, 'it is still the same worker')
  },
}
