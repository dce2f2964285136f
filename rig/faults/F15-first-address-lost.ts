import { freePort } from '../servers/ports.ts'
import { type FaultCase } from './fault.ts'
import { openProxy } from './proxy.ts'

export const firstAddressLost: FaultCase = {
  name: 'F15-first-address-lost',
  title:
    'All brokers become unreachable, and the first bootstrap server stays so although it accepts connections: the worker uses the next one',
  events: 4_000,
  run: async scene => {
    const [link] = scene.environment.kafkaLinks
    if (link === undefined) throw new Error('there is no link to a broker')
    const server = await openProxy({ port: link.port }, await freePort())
    // Like a load balancer, which accepts a connection before it knows that its server is down.
    const balancer = await openProxy({ port: server.port }, await freePort())
    try {
      // Slow enough for dead letters to be pending at any time.
      link.weather = { latencyMs: 100 }
      scene.startPublishing(200)
      const worker = await scene.startWorker({
        KAFKA_BROKER_SERVERS: `127.0.0.1:${balancer.port},127.0.0.1:${link.port}`,
      })
      await scene.untilCommitted(500)
      await server.close()
      link.refuse()
      await scene.mustSoon('the consumer starts again', () => worker.lines.some(({ step }) => step === 'consume'))
      link.mend()
      scene.healed()
      await scene.caughtUp(60)
    } finally {
      await balancer.close()
    }
  },
}
