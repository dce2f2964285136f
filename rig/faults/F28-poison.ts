import { type FaultCase } from './fault.ts'

export const poison: FaultCase = {
  name: 'F28-poison',
  title:
    'A third of all messages is bad, of every kind: each becomes a dead letter byte for byte, the others become rows',
  events: 6_000,
  eachBad: 0.02,
  run: async scene => {
    await scene.publish()
    scene.healed()
    await scene.startWorker()
    await scene.caughtUp()
  },
}
