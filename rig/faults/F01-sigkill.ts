import { checkNothingCommittedEarly } from './early-commit.ts'
import { type FaultCase } from './fault.ts'
import { type Scene } from './scene.ts'

// The session of a dead worker lasts 6 seconds. Until then its partitions are not reassigned.
const secondsARound = 10

const killAgainAndAgain = async (scene: Scene, kills: number): Promise<void> => {
  await scene.publish(scene.events / 2)
  scene.startPublishing(scene.events / 2 / (kills * secondsARound))
  for (let kill = 1; kill <= kills; kill += 1) {
    const before = await scene.committed()
    const startedAt = Date.now()
    const worker = await scene.startWorker()
    await scene.untilCommitted(before + 1)
    scene.seen[`start${kill}Seconds`] = (Date.now() - startedAt) / 1000
    await scene.pass(scene.random.next() * 0.5)
    await worker.signal('SIGKILL')
    await checkNothingCommittedEarly(scene)
  }
  scene.healed()
  await scene.startWorker()
  await scene.caughtUp()
}

export const sigkill: FaultCase = {
  name: 'F01-sigkill',
  title:
    'SIGKILL at random moments during a backlog, followed by a restart: nothing is lost, no offset is committed early',
  events: 20_000,
  run: scene => killAgainAndAgain(scene, 6),
}

export const sigkillTwice: FaultCase = {
  ...sigkill,
  name: 'F01-sigkill-twice',
  events: 6_000,
  run: scene => killAgainAndAgain(scene, 2),
}
