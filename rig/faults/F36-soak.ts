import { type FaultCase } from './fault.ts'
import { type Scene } from './scene.ts'

type Fault = (scene: Scene) => Promise<void>

const workersOf = (scene: Scene) => scene.workers.filter(({ running }) => running)

const secondsOf = (scene: Scene, most: number): number => 1 + scene.random.next() * (most - 1)

/** The random faults; each ends by itself. */
const faults: Readonly<Record<string, Fault>> = {
  'kill a worker': async scene => {
    await workersOf(scene)[0]?.signal('SIGKILL')
    await scene.startWorker()
  },
  'stop a worker with SIGTERM': async scene => {
    await workersOf(scene)[0]?.signal('SIGTERM')
    await scene.startWorker()
  },
  'suspend a worker for longer than its session': async scene => {
    const worker = workersOf(scene)[0]
    await worker?.signal('SIGSTOP')
    await scene.pass(7 + secondsOf(scene, 5))
    await worker?.signal('SIGCONT')
  },
  'start another worker': async scene => {
    if (workersOf(scene).length < 3) await scene.startWorker()
  },
  'Cassandra killed': async ({ environment: { cassandra } }) => {
    await cassandra.kill()
    await cassandra.start()
  },
  'Cassandra hangs': async scene => {
    scene.environment.cassandra.pause()
    await scene.pass(secondsOf(scene, 20))
    scene.environment.cassandra.resume()
  },
  'kill the broker': async ({ environment: { brokers } }) => {
    await Promise.all(brokers.map(broker => broker.kill()))
    await Promise.all(brokers.map(broker => broker.start()))
  },
  'suspend the broker': async scene => {
    for (const broker of scene.environment.brokers) broker.pause()
    await scene.pass(secondsOf(scene, 15))
    for (const broker of scene.environment.brokers) broker.resume()
  },
  'slow links': async scene => {
    const { kafkaLinks, cassandraLink } = scene.environment
    for (const link of [...kafkaLinks, cassandraLink]) link.weather = { latencyMs: scene.random.below(400) }
    await scene.pass(secondsOf(scene, 15))
    for (const link of [...kafkaLinks, cassandraLink]) link.mend()
  },
  'links cut': async ({ environment: { kafkaLinks, cassandraLink } }) => {
    for (const link of [...kafkaLinks, cassandraLink]) link.cut()
    return Promise.resolve()
  },
  'Cassandra half-open': async scene => {
    scene.environment.cassandraLink.silence()
    await scene.pass(secondsOf(scene, 20))
    scene.environment.cassandraLink.mend()
  },
  'Kafka half-open': async scene => {
    for (const link of scene.environment.kafkaLinks) link.silence()
    await scene.pass(secondsOf(scene, 20))
    for (const link of scene.environment.kafkaLinks) link.mend()
  },
}

const perSecond = 150

/** Restarts a process that fails, as an orchestrator does. */
const startAnew = async (scene: Scene): Promise<void> => {
  const ended = scene.workers.filter(({ end }) => typeof end === 'number' && end !== 0).length
  scene.seen['endedWithAnError'] = ended
  if (workersOf(scene).length === 0) await scene.startWorker()
}

export const soak: FaultCase = {
  name: 'F36-soak',
  title: 'Random faults by seed, one after the other, during 15 minutes of load',
  events: perSecond * 15 * 60,
  run: async scene => {
    scene.startPublishing(perSecond)
    await scene.startWorker()
    await scene.startWorker()
    for (let count = 1; scene.published < scene.events; count += 1) {
      const name = scene.random.pick(Object.keys(faults))
      scene.say(`${count}: ${name}`)
      await faults[name]?.(scene)
      scene.seen[name] = Number(scene.seen[name] ?? 0) + 1
      await scene.pass(secondsOf(scene, 8))
      await startAnew(scene)
    }
    scene.healed()
    await scene.caughtUp(120)
    await startAnew(scene)
  },
}
