import { type FaultCase } from './fault.ts'

export const clockSteps: FaultCase = {
  name: 'F34-clock-steps',
  title: "The worker's clock steps an hour forth and back every two seconds: within the process the last read stands",
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
