import { type FaultCase } from './fault.ts'

export const cassandraRestarts: FaultCase = {
  name: 'F20-cassandra-restarts',
  title: 'nodetool disablebinary, then a clean restart that forgets prepared statements, under load',
  events: 25_000,
  run: async scene => {
    const { cassandra } = scene.environment
    scene.startPublishing(1_000)
    const worker = await scene.startWorker()
    await scene.untilCommitted(scene.events / 20)
    await cassandra.nodetool('disablebinary')
    await scene.pass(5)
    await cassandra.nodetool('enablebinary')
    const before = await scene.committed()
    await scene.mustSoon('it continues after enablebinary', async () => (await scene.committed()) > before + 500, 30)
    await cassandra.restart()
    scene.healed()
    await scene.caughtUp()
    scene.expect(worker.running, 'it is still the same worker')
  },
}
