import { type FaultCase } from './fault.ts'
import { type Scene } from './scene.ts'

const goesOn = async (scene: Scene, what: string): Promise<void> => {
  const before = await scene.committed()
  await scene.mustSoon(`it continues with ${what}`, async () => (await scene.committed()) > before, 60)
}

export const badLinkToKafka: FaultCase = {
  name: 'F15-bad-link-to-kafka',
  title: 'Kafka with 2 s latency, then 50 kB/s, then resets every 5 s, then 20 s of silence: the worker survives each',
  events: 20_000,
  run: async scene => {
    const { kafkaLinks } = scene.environment
    const each = (act: (link: (typeof kafkaLinks)[number]) => void): void => kafkaLinks.forEach(act)
    scene.startPublishing(250)
    // Heartbeats take 2 s on this link, so the session has its default length.
    const worker = await scene.startWorker({ KAFKA_SESSION_TIMEOUT_MS: '30000', KAFKA_HEARTBEAT_INTERVAL_MS: '3000' })
    await scene.untilCommitted(500)
    each(link => (link.weather = { latencyMs: 1_000 }))
    await goesOn(scene, '2 s latency')
    each(link => (link.weather = { bytesPerSecond: 50_000 }))
    await goesOn(scene, '50 kB/s')
    for (let cuts = 0; cuts < 3; cuts += 1) {
      // On a narrow link a cut is probably in the middle of a message.
      each(link => (link.weather = { bytesPerSecond: 50_000 }))
      await scene.pass(5)
      each(link => link.cut())
      each(link => (link.weather = {}))
      await goesOn(scene, 'resets')
    }
    each(link => link.silence())
    await scene.pass(20)
    each(link => link.mend())
    scene.healed()
    await scene.caughtUp(120)
    scene.expect(worker.running, 'it is still the same worker')
    const joins = worker.lines.filter(line => 'assignment' in line).length
    scene.seen['assignments'] = joins
    scene.expect(joins < 12, `it has joined the group ${joins} times`)
  },
}
