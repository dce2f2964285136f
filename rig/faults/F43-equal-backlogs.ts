import { type FaultCase } from './fault.ts'

const share = 0.7

export const equalBacklogs: FaultCase = {
  name: 'F43-equal-backlogs',
  title:
    'Sixteen partitions with equal backlogs: when 50,000 messages are committed, each has at least 0.7 of the mean',
  figures: { leastCommitted: 'fewest committed', meanCommitted: 'on average' },
  events: 128_000,
  eachBad: 0,
  partitions: 16,
  run: async scene => {
    await scene.publish()
    await scene.startWorker()
    await scene.untilCommitted((scene.events * 50) / 128, 300)
    const committed = (await scene.partitionOffsets()).map(offsets => Math.max(0, offsets.committed))
    const mean = committed.reduce((sum, each) => sum + each, 0) / committed.length
    const least = Math.min(...committed)
    Object.assign(scene.seen, { leastCommitted: least, meanCommitted: Math.round(mean) })
    scene.expect(mean < scene.events / 16, 'no partition is finished')
    scene.expect(least >= share * mean, `of ${Math.round(mean)} on average, one partition has ${least}`)
    scene.healed()
    await scene.caughtUp(300)
  },
}
