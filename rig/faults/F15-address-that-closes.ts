import { once } from 'node:events'
import { createServer } from 'node:net'
import { freePort } from '../servers/ports.ts'
import { type FaultCase } from './fault.ts'

export const addressThatCloses: FaultCase = {
  name: 'F15-address-that-closes',
  title: 'A worker starts while the first bootstrap server accepts connections and closes them at once',
  events: 2_000,
  run: async scene => {
    const port = await freePort()
    // Like a load balancer without its broker.
    const server = createServer(socket => socket.end()).listen(port, '127.0.0.1')
    await once(server, 'listening')
    try {
      const links = scene.environment.kafkaLinks.map(link => `127.0.0.1:${link.port}`)
      await scene.publish(scene.events / 2)
      const first = await scene.startWorker()
      await scene.caughtUp()
      await first.signal('SIGTERM')
      await scene.publish()
      await scene.startWorker({ KAFKA_BROKER_SERVERS: [`127.0.0.1:${port}`, ...links].join() })
      scene.healed()
      await scene.caughtUp(60)
    } finally {
      server.close()
    }
  },
}
