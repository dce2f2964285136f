import { type FaultCase } from './fault.ts'
import { checkNothingCommittedEarly } from './early-commit.ts'

const kills = 5

export const sigkill: FaultCase = {
  name: 'F01-sigkill',
  title: 'SIGKILL at random moments of a backlog, each time started again: nothing lost, nothing committed early',
  events: 20_000,
  run: async scene => {
    await scene.publish(scene.events / 2)
    scene.startPublishing(2_000)
    for (let kill = 1; kill <= kills; kill += 1) {
      const before = await scene.committed()
      const startedAt = Date.now()
      const worker = await scene.startWorker()
      await scene.mustSoon('a started worker commits', async () => (await scene.committed()) > before)
      scene.seen[`start${kill}Seconds`] = (Date.now() - startedAt) / 1000
      await scene.until(() => false, scene.random.next() * 0.5)
      await worker.signal('SIGKILL')
      await checkNothingCommittedEarly(scene)
    }
    scene.healed()
    await scene.startWorker()
    await scene.caughtUp()
  },
}
