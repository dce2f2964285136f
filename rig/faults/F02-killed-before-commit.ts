import { checkNothingCommittedEarly } from './early-commit.ts'
import { type FaultCase } from './fault.ts'

export const killedBeforeCommit: FaultCase = {
  name: 'F02-killed-before-commit',
  title:
    'SIGKILL after everything is written and before it is committed: it is read once more, and the rows stay correct',
  events: 4_000,
  run: async scene => {
    await scene.publish()
    const worker = await scene.startWorker({ COMMIT_INTERVAL_MS: '60000' })
    await scene.mustSoon('everything is written', async () => {
      const notes = await worker.notes()
      const read = notes.reduce((sum, note) => sum + (note.kind === 'read' ? note.last - note.first + 1 : 0), 0)
      return read >= scene.events && worker.lines.findLast(({ message }) => message === 'rates')?.['inFlight'] === 0
    })
    await worker.signal('SIGKILL')
    scene.expect((await scene.committed()) === 0, 'nothing is committed')
    await checkNothingCommittedEarly(scene)
    scene.healed()
    await scene.startWorker()
    await scene.caughtUp()
    const { redelivered } = await scene.readings()
    scene.expect(redelivered === scene.events, `${redelivered} records were read again, expected ${scene.events}`)
  },
}
