import { type FaultCase } from './fault.ts'

export const littleMemory: FaultCase = {
  name: 'F35-little-memory',
  title: 'A backlog with a heap of 128 MB, and standard output that nobody reads for 30 s, then closes',
  events: 150_000,
  run: async scene => {
    await scene.publish()
    const worker = await scene.startWorker({ LOG_LEVEL: 'debug' }, ['--max-old-space-size=128'])
    await scene.untilCommitted(scene.events / 20)
    worker.blockOutput()
    await scene.pass(30)
    worker.unblockOutput()
    await scene.pass(1)
    worker.closeOutput()
    scene.healed()
    await scene.caughtUp(300)
    scene.expect(worker.running, 'it runs without an output')
    const { rssMaxMb } = await scene.readings()
    scene.expect(rssMaxMb < 350, `${rssMaxMb} MB of memory`)
  },
}
