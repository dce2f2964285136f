import { type Edge } from './edge.ts'
import { exitCodes } from './exit-codes.ts'

const patienceMs = 1000

/**
 * Runs a task that finishes what is under way once its signal is aborted. SIGINT and SIGTERM abort it; a second one
 * after a second ends the process. Gives the task's exit code, or that of the signal.
 */
export const interruptible = async (
  { signals, clock, exit }: Pick<Edge, 'signals' | 'clock' | 'exit'>,
  task: (signal: AbortSignal) => Promise<number>,
): Promise<number> => {
  const interruption = new AbortController()
  let interrupted: number | undefined
  let since = Infinity
  const subscription = signals.subscribe(name => {
    // Whoever asks again means it; but the same Ctrl-C may come twice, from the terminal and from npm.
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
