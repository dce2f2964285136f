import { type FaultCase } from './fault.ts'
import { fateHeader, type FaultMessage } from './load.ts'

const largest = 1_500_000
// The client's own partitioner would hash it for seconds.
const keyBytes = 150_000

const large = (index: number, good: boolean): FaultMessage => {
  const time = '2026-01-01T00:00:00.000Z'
  const ids = { programId: `large ${index % 3}`, userId: `u${index}` }
  const event = { ...ids, programName: `version ${index}`, createdAt: time, updatedAt: good ? time : 7.5 }
  const key = good ? null : Buffer.alloc(keyBytes, 'key ')
  const framework = Array(Math.floor((largest - (key?.length ?? 0)) / 9)).fill({ a: 12 })
  const text = JSON.stringify({ ...event, userProfile: { framework } })
  const headers = { [fateHeader]: good ? 'row' : 'dead-letter' }
  return { partition: index % 2, key, value: Buffer.from(text), headers }
}

export const largeMessages: FaultCase = {
  name: 'F29-large-messages',
  title: '100 messages of 1.5 MB in a row, every tenth bad and with a key of 150 KB: heartbeats continue',
  events: 3_000,
  run: async scene => {
    await scene.publish(scene.events / 2)
    await scene.publishThese(Array.from({ length: 100 }, (_, index) => large(index, index % 10 !== 0)))
    await scene.publish()
    scene.healed()
    const worker = await scene.startWorker()
    await scene.caughtUp()
    const { stoppedMaxMs } = await scene.readings()
    scene.expect(stoppedMaxMs < 1_000, `the event loop was blocked for ${stoppedMaxMs} ms`)
    scene.expect(worker.lines.filter(line => 'assignment' in line).length === 1, 'it stays in the group')
  },
}
