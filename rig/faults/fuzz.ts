import { type FaultCase } from './fault.ts'
import { fateHeader, type FaultMessage } from './load.ts'
import { mutated } from './mutations.ts'
import { type Scene } from './scene.ts'

/** Messages of the load alternate with mutated ones of other enrolments; 20 in a row have 1.5 MB. */
function* mixed(scene: Scene): Generator<FaultMessage> {
  const { random } = scene
  let count = 0
  for (const message of scene.messages) {
    yield message
    count += 1
    if (message.headers[fateHeader] !== 'row' || message.value === null) continue
    // Of another programme, so that it does not change the row of a good event.
    const other = Buffer.from(message.value.toString().replace(/"programId":"/, `"programId":"fuzz ${count} `))
    yield { ...message, value: mutated(random, other), headers: { [fateHeader]: 'either' } }
    if (count % 1_000 !== 0) continue
    for (let large = 0; large < 20; large += 1) {
      const text = Buffer.from(JSON.stringify(Array(180_000).fill([1.5, null])).slice(0, 1_500_000 - large))
      yield { ...message, key: null, value: text, headers: { [fateHeader]: 'dead-letter' } }
    }
  }
}

export const fuzz: FaultCase = {
  name: 'fuzz-messages',
  title: 'Mutated and random messages between good ones: no crash, no good message lost, every message accounted for',
  events: 6_000,
  run: async scene => {
    const worker = await scene.startWorker()
    await scene.publishThese(mixed(scene))
    scene.healed()
    await scene.caughtUp()
    scene.expect(worker.running, 'the same worker reads everything')
    const { rssMaxMb, stoppedMaxMs } = await scene.readings()
    scene.expect(stoppedMaxMs < 1_000, `the event loop was blocked for ${stoppedMaxMs} ms`)
    scene.expect(rssMaxMb < 400, `${rssMaxMb} MB of memory`)
  },
}
