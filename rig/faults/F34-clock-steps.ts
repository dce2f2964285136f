import { type FaultCase } from './fault.ts'
import { type Scene } from './scene.ts'

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

const isStable = async (scene: Scene): Promise<boolean> => {
  const [group] = (await scene.admin.describeGroups([scene.group])).groups
  return group?.state === 'Stable' && group.members.length === 1
}

export const clockBack: FaultCase = {
  name: 'F34-clock-back',
  title:
    "The worker's clock is set back by an hour, once: its group keeps it though nothing comes for two sessions, and what it reads later stands",
  events: 6_000,
  programmes: 10,
  run: async scene => {
    const worker = await scene.startWorker({}, ['--import', new URL('clock-back.js', import.meta.url).href])
    await scene.publish(scene.events / 3)
    await scene.caughtUp()
    await worker.signal('SIGUSR2')
    // Twice the session timeout of the rig.
    for (let second = 0; second < 12; second += 1) {
      await scene.pass(1)
      scene.expect(await isStable(scene), `the group lost it ${second + 1} s after the step`)
    }
    scene.startPublishing(800)
    scene.healed()
    await scene.caughtUp()
    scene.expect(worker.lines.filter(line => 'assignment' in line).length === 1, 'it stays in the group')
  },
}
