import { type Scene } from './scene.ts'
import { type WorkerProcess } from './worker-process.ts'

/** Waits while a server is down. The worker must survive it and log little. */
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
  // One line a second has the rates, which the rig requests.
  scene.expect(perSecond < 3, 'it logs little while it waits')
}
