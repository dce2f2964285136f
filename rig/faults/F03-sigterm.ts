import { type FaultCase } from './fault.ts'
import { type Scene } from './scene.ts'

// The time that a worker may take to start on a slow machine.
const secondsARound = 10

const stopAgainAndAgain = async (scene: Scene, rounds: number): Promise<void> => {
  await scene.publish(scene.events / 4)
  // Enough load until the last worker has started.
  scene.startPublishing((scene.events * 3) / 4 / (rounds * secondsARound))
  for (let round = 1; round <= rounds; round += 1) {
    const before = await scene.committed()
    const worker = await scene.startWorker()
    await scene.untilCommitted(before + 1)
    await scene.pass(scene.random.next() * 0.5)
    const stoppedAt = Date.now()
    await worker.signal('SIGTERM')
    scene.seen[`stop${round}Seconds`] = (Date.now() - stoppedAt) / 1000
    scene.expect(worker.end === 0, `it ended with ${worker.end ?? '?'} on SIGTERM`)
    scene.expect(worker.lines.at(-1)?.message === 'stopped', 'its last line says that it has stopped')
  }
  scene.healed()
  await scene.startWorker()
  await scene.caughtUp()
  const { redelivered } = await scene.readings()
  scene.expect(redelivered === 0, `${redelivered} records were read twice`)
}

export const sigterm: FaultCase = {
  name: 'F03-sigterm',
  title: 'SIGTERM under load, followed by a restart: exit code 0, and nothing is read twice',
  events: 16_000,
  run: scene => stopAgainAndAgain(scene, 4),
}

export const sigtermTwice: FaultCase = {
  ...sigterm,
  name: 'F03-sigterm-twice',
  events: 6_000,
  run: scene => stopAgainAndAgain(scene, 2),
}
