import { type CommitFault, commitErrors, erringCommits } from './commit-errors.ts'
import { type FaultCase } from './fault.ts'

const kinds: readonly CommitFault[] = [
  'wrong-generation',
  'wrong-member',
  ...Object.values(commitErrors).map(answer => ({ answer })),
  'no-answer',
]

export const commitRefused: FaultCase = {
  name: 'F14-commit-refused',
  title:
    'Half of all commits are refused, fail or get no response, one kind after the other: none is lost, none is stale',
  events: 12_000,
  run: async scene => {
    let [commits, erred, isRefused] = [0, 0, false]
    // One of each two commits. Only the order is seeded, because the first commit is not predictable.
    const next = (): CommitFault | undefined => {
      commits += 1
      isRefused = commits % 2 === 1 ? scene.random.next() < 0.5 : !isRefused
      if (!isRefused) return undefined
      erred += 1
      return kinds[erred % kinds.length]
    }
    for (const link of scene.environment.kafkaLinks) link.tap = () => erringCommits(next)
    const worker = await scene.startWorker({ RETRY_MAX_DELAY_MS: '200' })
    scene.startPublishing(150)
    await scene.until(() => erred >= 2 * kinds.length, 180)
    for (const link of scene.environment.kafkaLinks) link.mend()
    scene.healed()
    await scene.caughtUp()
    scene.seen['errors'] = erred
    scene.expect(erred >= 2 * kinds.length, `each kind occurred twice (${erred} of ${commits} commits)`)
    await worker.signal('SIGTERM')
    scene.expect(worker.end === 0, `it ended with ${worker.end ?? '?'} on SIGTERM`)
  },
}
