import { createServer } from 'node:net'
import { type FaultCase } from './fault.ts'

/** Accepts connections and closes them at once, as a load balancer does whose broker is gone. */
const closing = async (): Promise<{ port: number; close: () => void }> => {
  const server = createServer(socket => socket.end())
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return { port: address.port, close: () => server.close() }
}

export const addressThatCloses: FaultCase = {
  name: 'F15-address-that-closes',
  title: "The first of the brokers' addresses accepts connections and closes them at once",
  events: 2_000,
  run: async scene => {
    const { port, close } = await closing()
    try {
      const links = scene.environment.kafkaLinks.map(link => `127.0.0.1:${link.port}`)
      await scene.publish()
      await scene.startWorker({ KAFKA_BROKER_SERVERS: [`127.0.0.1:${port}`, ...links].join() })
      scene.healed()
      await scene.caughtUp(60)
    } finally {
      close()
    }
  },
}
