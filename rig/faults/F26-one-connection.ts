import { type FaultCase } from './fault.ts'

export const oneConnection: FaultCase = {
  name: 'F26-one-connection',
  title: 'As many concurrent writes as the settings allow, one row each, over one slow connection: none is lost',
  events: 20_000,
  programmes: 20_000,
  run: async scene => {
    scene.environment.cassandraLink.weather = { latencyMs: 100 }
    await scene.publish()
    const settings = { MAX_IN_FLIGHT_RECORDS: '20000', WRITE_CONCURRENCY: '512', BATCH_MAX_ROWS: '1' }
    await scene.startWorker(settings)
    scene.healed()
    await scene.caughtUp()
  },
}
