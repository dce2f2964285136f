import { type Scene } from './scene.ts'
import { type WorkerProcess } from './worker-process.ts'

/** Lets time pass while a server is away: the worker has to live through it, and to say little. */
export const expectQuietWait = async (
  scene: Scene,
  worker: WorkerProcess,
  server: string,
  seconds: number,
): Promise<void> => {
  const lines = worker.lines.length
  await scene.until(() => !worker.running, seconds)
  const perSecond = (worker.lines.length - lines) / seconds
  scene.seen['logLinesPerSecond'] = Math.round(perSecond * 10) / 10
  scene.expect(worker.running, `it waits for ${server}`)
  // One of these a second are the rates that the rig asks for.
  scene.expect(perSecond < 3, 'it says little while it waits')
}
