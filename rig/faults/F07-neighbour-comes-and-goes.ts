import { type FaultCase } from './fault.ts'

const rounds = 8

export const neighbourComesAndGoes: FaultCase = {
  name: 'F07-neighbour-comes-and-goes',
  title: 'A second worker joins, then stops or is killed, while reading is paused at the in-flight limit',
  events: 60_000,
  run: async scene => {
    const saturated = { MAX_IN_FLIGHT_RECORDS: '400', WRITE_CONCURRENCY: '2', BATCH_MAX_ROWS: '20' }
    scene.environment.cassandraLink.weather = { latencyMs: 20 }
    await scene.publish(scene.events / 3)
    scene.startPublishing(1_500)
    const first = await scene.startWorker({ ...saturated, LOG_LEVEL: 'debug' })
    await scene.mustSoon('reading is paused', () => first.said('reading is paused') !== undefined)
    for (let round = 0; round < rounds; round += 1) {
      const second = await scene.startWorker(saturated)
      const joined = (): boolean => second.lines.some(line => line['partitions'] === '0' || line['partitions'] === '1')
      await scene.mustSoon('the second gets a partition', joined)
      await scene.pass(1 + scene.random.next() * 3)
      await second.signal(round % 2 === 0 ? 'SIGTERM' : 'SIGKILL')
      await scene.pass(scene.random.next() * 3)
    }
    scene.environment.cassandraLink.mend()
    scene.healed()
    await scene.caughtUp()
    const { rssMaxMb } = await scene.readings()
    scene.expect(rssMaxMb < 400, `${rssMaxMb} MB of memory`)
  },
}
