import { freePort } from '../servers/ports.ts'
import { type FaultCase } from './fault.ts'
import { openProxy } from './proxy.ts'

const sessionSeconds = 6

export const pausedOwner: FaultCase = {
  name: 'F05-paused-owner',
  title: 'SIGSTOP of a worker with unwritten events while another writes newer ones, then SIGCONT: the newer ones win',
  events: 6_000,
  programmes: 20,
  run: async scene => {
    // Its own narrow link, so that many records are not written when it is suspended.
    const link = await openProxy({ port: scene.environment.cassandra.port }, await freePort())
    link.weather = { latencyMs: 300 }
    try {
      await scene.publish(scene.events / 2)
      const paused = await scene.startWorker({ ML_CASSANDRA_PORT: String(link.port), WRITE_CONCURRENCY: '1' })
      await scene.mustSoon(
        'it holds events',
        () => Number(paused.lines.findLast(({ message }) => message === 'rates')?.['inFlight']) > 0,
      )
      // So that a fetch with data is pending and answered during the suspension.
      scene.startPublishing(scene.events / 3)
      await scene.mustSoon('more is published', () => scene.published > scene.events / 2)
      await paused.signal('SIGSTOP')
      scene.say('suspending the owner ...')
      const other = await scene.startWorker()
      await scene.mustSoon('the other takes over', () => other.lines.some(line => line['partitions'] === '0,1'))
      await scene.caughtUp(sessionSeconds + 60)
      link.mend()
      await paused.signal('SIGCONT')
      scene.healed()
      await scene.untilIdle(paused)
      await scene.mustSoon(
        'it is in the group again',
        () => paused.lines.filter(line => 'assignment' in line).length > 1,
      )
      await scene.caughtUp()
    } finally {
      for (const worker of scene.workers) if (worker.running) await worker.signal('SIGTERM')
      await link.close()
    }
  },
}
