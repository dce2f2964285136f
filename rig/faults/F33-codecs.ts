import { type FaultCase } from './fault.ts'
import { produceWithJava } from './java-producer.ts'

export const codecs: FaultCase = {
  name: 'F33-codecs',
  title: 'Record batches of a Java producer, compressed with gzip, snappy, lz4 and zstd: all four are read',
  events: 4_000,
  eachBad: 0,
  partitions: 1,
  run: async scene => {
    const worker = await scene.startWorker()
    for (const codec of ['gzip', 'snappy', 'lz4', 'zstd']) {
      const values = [...scene.take(scene.events / 4)].flatMap(({ value }) => (value === null ? [] : [value]))
      await produceWithJava(scene.environment.bootstrap, scene.topic, codec, values)
      await scene.until(
        async () => !worker.running || (await scene.partitionOffsets()).every(s => s.committed === s.high),
        20,
      )
      scene.expect(worker.running, `it reads ${codec}`)
      if (!worker.running) return
    }
    await scene.caughtUp()
  },
}
