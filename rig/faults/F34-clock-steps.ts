import { type FaultCase } from './fault.ts'

export const clockSteps: FaultCase = {
  name: 'F34-clock-steps',
  title: "The worker's clock jumps an hour forward and back every two seconds: the version read last wins",
  events: 12_000,
  programmes: 10,
  run: async scene => {
    await scene.publish(scene.events / 4)
    scene.startPublishing(800)
    await scene.startWorker({}, ['--import', new URL('clock-steps.js', import.meta.url).href])
    scene.healed()
    await scene.caughtUp()
  },
}
