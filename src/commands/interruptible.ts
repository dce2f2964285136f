import { type Edge } from './edge.ts'
import { exitCodes } from './exit-codes.ts'

const patienceMs = 1000

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
  let since = Infinity
  const subscription = signals.subscribe(name => {
    // One Ctrl-C may arrive twice, from the terminal and from npm, so only a later one counts.
    if (clock.now() - since > patienceMs) exit(exitCodes[name])
    if (interrupted === undefined) since = clock.now()
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
