import { type FaultCase } from './fault.ts'

// Everything that one fetch returns for a partition is taken, even beyond the limit: 1 MiB, in messages of 900 bytes.
const oneFetch = 1_166

export const badLinkToCassandra: FaultCase = {
  name: 'F22-bad-link-to-cassandra',
  title:
    'Cassandra with 2 s latency, then 100 kB/s, then resets in the middle of requests, then silence: no older version wins',
  figures: { inFlightMax: 'most records in flight' },
  events: 20_000,
  programmes: 5,
  run: async scene => {
    const { cassandraLink } = scene.environment
    await scene.publish(scene.events / 4)
    scene.startPublishing(500)
    const worker = await scene.startWorker({ CASSANDRA_REQUEST_TIMEOUT_MS: '3000', MAX_IN_FLIGHT_RECORDS: '2000' })
    await scene.untilCommitted(500)
    cassandraLink.weather = { latencyMs: 1_000 }
    await scene.pass(8)
    cassandraLink.weather = { bytesPerSecond: 100_000 }
    await scene.pass(8)
    cassandraLink.weather = { latencyMs: 30 }
    for (let cuts = 0; cuts < 20; cuts += 1) {
      await scene.pass(0.1 + scene.random.next() * 0.6)
      cassandraLink.cut()
    }
    cassandraLink.silence()
    await scene.pass(8)
    cassandraLink.mend()
    scene.healed()
    await scene.caughtUp()
    const inFlight = Math.max(0, ...worker.lines.map(line => Number(line['inFlight'] ?? 0)))
    scene.seen['inFlightMax'] = inFlight
    scene.expect(inFlight <= 2_000 + oneFetch, `${inFlight} in flight`)
  },
}
