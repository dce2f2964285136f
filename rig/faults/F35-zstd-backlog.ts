import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { seeded } from '../load/random.ts'
import { type FaultCase } from './fault.ts'
import { produceWithJava } from './java-producer.ts'
import { type Scene } from './scene.ts'

const partitions = 16
const eventBytes = 1_600
const entropyDigits = 96
const leastRatio = 20
const containerMb = 256

/** Each message has its own enrolment, because one producer spreads them over all partitions. */
const compressible = (seed: number, count: number): Buffer[] => {
  const random = seeded(seed)
  const time = '2026-01-01T00:00:00.000Z'
  return Array.from({ length: count }, (_, index) => {
    const ids = { programId: `programme-${index % 500}`, userId: `user-${index}` }
    const noise = Array.from({ length: entropyDigits }, () => random.below(16).toString(16)).join('')
    const event = { ...ids, programName: 'version 1', createdAt: time, updatedAt: time, noise }
    const fixed = JSON.stringify({ ...event, framework: '' }).length
    return Buffer.from(JSON.stringify({ ...event, framework: 'framework '.repeat((eventBytes - fixed) / 10) }))
  })
}

const bytesOnDisk = async (scene: Scene): Promise<number> => {
  const [broker] = scene.environment.brokers
  const folders = (await readdir(broker?.dataFolder ?? '')).filter(name => name.startsWith(`${scene.topic}-`))
  const segments = folders.map(name => stat(join(broker?.dataFolder ?? '', name, '00000000000000000000.log')))
  return (await Promise.all(segments)).reduce((sum, { size }) => sum + size, 0)
}

export const zstdBacklog: FaultCase = {
  name: 'F35-zstd-backlog',
  title: 'A backlog in 16 partitions that zstd has compressed to a twentieth: memory fits into a container of 256 MiB',
  events: 200_000,
  eachBad: 0,
  partitions,
  run: async scene => {
    const values = compressible(scene.random.below(1e9), scene.events)
    const large = ['batch.size=262144', 'linger.ms=1000', 'buffer.memory=134217728']
    await produceWithJava(scene.environment.bootstrap, scene.topic, 'zstd', values, large)
    const ratio = values.reduce((sum, { length }) => sum + length, 0) / (await bytesOnDisk(scene))
    scene.seen['ratio'] = Math.round(ratio)
    scene.expect(ratio >= leastRatio, `it is only ${ratio} times smaller`)
    scene.healed()
    // V8 chooses a heap of at least this size in such a container.
    await scene.startWorker({}, ['--max-old-space-size=128'])
    await scene.caughtUp(400)
    const { rssMaxMb } = await scene.readings()
    scene.expect(rssMaxMb < containerMb, `${rssMaxMb} MB of memory`)
  },
}
