import { type FaultCase } from './fault.ts'

export const forgottenConnections: FaultCase = {
  name: 'F15-forgotten-connections',
  title: 'All connections to Kafka, then to Cassandra, go silent without being closed: the worker opens new ones',
  events: 10_000,
  run: async scene => {
    const { kafkaLinks, cassandraLink } = scene.environment
    scene.startPublishing(200)
    await scene.startWorker()
    await scene.untilCommitted(500)
    // Detected after four requests in a row without a response for 15 s each, first for the consumer, then for the producer.
    for (const link of kafkaLinks) link.forget()
    const before = await scene.committed()
    await scene.mustSoon('it continues with Kafka', async () => (await scene.committed()) > before + 200, 240)
    cassandraLink.forget()
    scene.healed()
    await scene.caughtUp(120)
  },
}
