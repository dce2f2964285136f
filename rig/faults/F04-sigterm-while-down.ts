import { type FaultCase } from './fault.ts'
import { checkNothingCommittedEarly } from './early-commit.ts'

const graceMs = 3_000

export const sigtermWhileDown: FaultCase = {
  name: 'F04-sigterm-while-down',
  title: 'SIGTERM while Cassandra is down: exit code 1 within the timeout, a log line, and no offset committed early',
  events: 6_000,
  run: async scene => {
    const { cassandra } = scene.environment
    await scene.publish(scene.events / 2)
    const worker = await scene.startWorker({ SHUTDOWN_TIMEOUT_MS: String(graceMs) })
    await scene.untilCommitted(scene.events / 2)
    await cassandra.kill()
    await scene.publish()
    await scene.mustSoon('it logs what it waits for', () => worker.said('waiting for a fault') !== undefined)
    const stoppedAt = Date.now()
    await worker.signal('SIGTERM')
    const seconds = (Date.now() - stoppedAt) / 1000
    scene.seen['stopSeconds'] = seconds
    scene.expect(seconds < graceMs / 1000 + 6, `it ended after ${seconds} s`)
    scene.expect(worker.end === 1, `it ended with ${worker.end ?? '?'}`)
    scene.expect(
      worker.said('stopped before all records in flight were settled') !== undefined,
      'it logs that not everything was finished',
    )
    await cassandra.start()
    await checkNothingCommittedEarly(scene)
    scene.healed()
    await scene.startWorker()
    await scene.caughtUp()
  },
}
