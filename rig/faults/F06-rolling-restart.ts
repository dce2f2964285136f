import { type FaultCase } from './fault.ts'
import { type WorkerProcess } from './worker-process.ts'

const rounds = 3

export const rollingRestart: FaultCase = {
  name: 'F06-rolling-restart',
  title: 'Three rolling restarts of three workers on three partitions under load',
  events: 40_000,
  partitions: 3,
  run: async scene => {
    scene.startPublishing(600)
    const workers: WorkerProcess[] = []
    for (let count = 0; count < 3; count += 1) workers.push(await scene.startWorker())
    for (let round = 0; round < rounds; round += 1) {
      for (const [index, worker] of workers.entries()) {
        await scene.untilAssigned(worker)
        await worker.signal('SIGTERM')
        scene.expect(worker.end === 0, `it ended with ${worker.end ?? '?'} on SIGTERM`)
        workers[index] = await scene.startWorker()
      }
      const before = await scene.committed()
      await scene.mustSoon('everything continues', async () => (await scene.committed()) > before + 300)
    }
    scene.healed()
    await scene.caughtUp()
  },
}
