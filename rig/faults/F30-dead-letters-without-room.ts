import { randomBytes } from 'node:crypto'
import { deadLetterHeaders } from '../../src/kafka/headers.ts'
import { type FaultCase } from './fault.ts'
import { fateHeader, type FaultMessage } from './load.ts'

const limit = 1_572_864

/** Incompressible bad messages, a few hundred bytes below the topic's limit. */
const full = (part: 'key' | 'headers'): FaultMessage => {
  const bytes = randomBytes(limit)
  const headers = { [fateHeader]: 'dead-letter' }
  return part === 'key'
    ? { partition: 0, key: bytes.subarray(0, limit - 200), value: null, headers }
    : {
        partition: 0,
        key: null,
        value: Buffer.from('{'),
        // Hexadecimal digits, which gzip only halves.
        headers: {
          ...headers,
          large: bytes
            .toString('latin1')
            .replaceAll(/[^!-9;-~]/g, 'x')
            .slice(0, limit - 300),
        },
      }
}

export const deadLettersWithoutRoom: FaultCase = {
  name: 'F30-dead-letters-without-room',
  title:
    'Bad messages whose key or headers leave no room for ours: dead letters without them, at once, and the rest is written',
  events: 1_000,
  run: async scene => {
    // Each in its own record batch, to which the topic's limit applies.
    for (const part of ['key', 'headers'] as const) await scene.publishThese([full(part)])
    await scene.publish()
    scene.healed()
    await scene.startWorker()
    await scene.caughtUp()
    const { stoppedMaxMs } = await scene.readings()
    scene.expect(stoppedMaxMs < 1_000, `the event loop was blocked for ${stoppedMaxMs} ms`)
    const letters = await scene.readTopic(scene.deadLetterTopic)
    const without = letters.filter(({ headers }) => headers.has(deadLetterHeaders.keyOmitted))
    scene.expect(without.length === 1, `${without.length} dead letters without their key`)
  },
}
