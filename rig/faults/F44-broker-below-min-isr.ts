import { type FaultCase } from './fault.ts'
import { untilInSync } from './leaders.ts'
import { expectQuietWait } from './quiet-wait.ts'
import { type Scene, secondsSince } from './scene.ts'
import { configureTopic } from './topic-config.ts'
import { type WorkerProcess } from './worker-process.ts'

const waitSeconds = 10

interface State {
  readonly totals: { readonly deadLettered: number }
  readonly troubles: readonly { readonly step: string; readonly message: string }[]
}

const deadLettersGoOn = async (scene: Scene, worker: WorkerProcess): Promise<void> => {
  const [before, committed] = [(await worker.state<State>()).totals.deadLettered, await scene.committed()]
  await scene.mustSoon(
    'it continues, dead letters too',
    async () =>
      (await worker.state<State>()).totals.deadLettered > before + 30 && (await scene.committed()) > committed + 200,
    60,
  )
}

const deadLettersWait = async (scene: Scene, worker: WorkerProcess): Promise<void> => {
  await scene.mustSoon('the dead letters wait for more replicas', async () =>
    (await worker.state<State>()).troubles.some(
      ({ step, message }) => step === 'dead-letter' && /replica/i.test(message),
    ),
  )
  const before = (await worker.state<State>()).totals.deadLettered
  await expectQuietWait(scene, worker, 'more replicas', waitSeconds)
  const after = (await worker.state<State>()).totals.deadLettered
  scene.expect(after === before, `${after - before} dead letters were published with too few replicas`)
}

export const brokerBelowMinIsr: FaultCase = {
  name: 'F44-broker-below-min-isr',
  title:
    'One of three brokers is killed, then the dead-letter topic needs all three replicas, then two brokers are killed: with two replicas of three everything continues, otherwise it waits and recovers by itself',
  figures: { secondsToThreeReplicas: 'seconds until dead letters continue', logLinesPerSecond: 'log lines a second' },
  // The load ends with the outage.
  events: 100_000,
  brokers: 3,
  run: async scene => {
    const { admin, deadLetterTopic, environment, topic } = scene
    const topics = [topic, deadLetterTopic, '__consumer_offsets']
    scene.startPublishing(300)
    const worker = await scene.startWorker()
    await scene.untilCommitted(500)
    await untilInSync(scene, ...topics)
    const [first, ...others] = environment.brokers
    await first?.kill()
    await deadLettersGoOn(scene, worker)
    await configureTopic(admin, deadLetterTopic, { 'min.insync.replicas': '3' })
    await deadLettersWait(scene, worker)
    const backAt = Date.now()
    await first?.start()
    await deadLettersGoOn(scene, worker)
    scene.seen['secondsToThreeReplicas'] = secondsSince(backAt)
    await configureTopic(admin, deadLetterTopic)
    await untilInSync(scene, ...topics)
    await Promise.all(others.map(broker => broker.kill()))
    await expectQuietWait(scene, worker, 'a second broker', waitSeconds)
    await Promise.all(others.map(broker => broker.start()))
    scene.healed()
    scene.stopPublishing()
    await scene.caughtUp()
    scene.expect(worker.running, 'it is still the same worker')
  },
}
