import { type FaultCase } from './fault.ts'

const seconds = 45

export const cassandraHangs: FaultCase = {
  name: 'F19-cassandra-hangs',
  title:
    'Cassandra suspended with SIGSTOP, ports open: requests time out and are retried, records in flight stay bounded',
  figures: { inFlightMax: 'most records in flight' },
  events: 20_000,
  run: async scene => {
    const { cassandra } = scene.environment
    scene.startPublishing(1_000)
    const worker = await scene.startWorker({ CASSANDRA_REQUEST_TIMEOUT_MS: '3000' })
    await scene.untilCommitted(scene.events / 10)
    cassandra.pause()
    scene.say(`Cassandra hangs for ${seconds} s ...`)
    await scene.until(() => !worker.running, seconds)
    scene.expect(worker.running, 'it waits for Cassandra')
    scene.expect(worker.said('waiting for a fault') !== undefined, 'it logs what it waits for')
    const inFlight = Math.max(0, ...worker.lines.map(line => Number(line['inFlight'] ?? 0)))
    scene.seen['inFlightMax'] = inFlight
    scene.expect(inFlight <= 4_000, `${inFlight} in flight`)
    cassandra.resume()
    scene.healed()
    await scene.caughtUp()
  },
}
