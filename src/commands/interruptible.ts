import { deliberate } from './deliberate-signals.ts'
import { type Edge } from './edge.ts'
import { exitCodes } from './exit-codes.ts'

/**
 * Runs a task and aborts its signal on SIGINT or SIGTERM. The task then finishes its current operation. Another signal after
 * a second ends the process. Returns the exit code of the task, or of the signal.
 */
export const interruptible = async (
  { signals, clock, exit }: Pick<Edge, 'signals' | 'clock' | 'exit'>,
  task: (signal: AbortSignal) => Promise<number>,
): Promise<number> => {
  const interruption = new AbortController()
  let interrupted: number | undefined
  const subscription = signals.pipe(deliberate(clock)).subscribe(name => {
    if (interrupted !== undefined) exit(exitCodes[name])
    interrupted ??= exitCodes[name]
    interruption.abort()
  })
  try {
    const code = await task(interruption.signal)
    return interrupted ?? code
  } finally {
    subscription.unsubscribe()
  }
}
