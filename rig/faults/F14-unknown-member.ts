import { commitErrors, erringCommits } from './commit-errors.ts'
import { type FaultCase } from './fault.ts'

export const unknownMember: FaultCase = {
  name: 'F14-unknown-member',
  title:
    'The group refuses each commit of its only worker as an unknown member: the worker joins again in the same process',
  events: 3_000,
  run: async scene => {
    let isRefusing = false
    let refused = 0
    const next = (): { readonly answer: number } | undefined => {
      if (!isRefusing) return undefined
      refused += 1
      return { answer: commitErrors.unknownMemberId }
    }
    for (const link of scene.environment.kafkaLinks) link.tap = () => erringCommits(next)
    const worker = await scene.startWorker({ RETRY_MAX_DELAY_MS: '200' })
    const joins = (): number => worker.lines.filter(({ message }) => message === 'partitions are assigned').length
    await scene.publish(scene.events / 3)
    await scene.untilCommitted(scene.events / 3)
    isRefusing = true
    await scene.publish(scene.events / 3)
    await scene.mustSoon('it joins again', () => joins() > 1, 30)
    isRefusing = false
    for (const link of scene.environment.kafkaLinks) link.mend()
    scene.healed()
    await scene.publish()
    await scene.caughtUp()
    scene.seen['errors'] = refused
    scene.expect(worker.running, 'it lives')
    scene.expect(joins() < 2 + refused, `${joins()} joins for ${refused} refusals`)
  },
}
