import { setTimeout as pause } from 'node:timers/promises'

const betweenMs = 100

/** Calls `ask` until it does not throw, and returns the result. Throws the last error after the deadline. */
export const eventually = async <T>(what: string, ask: () => T | Promise<T>, deadlineMs = 180_000): Promise<T> => {
  const end = Date.now() + deadlineMs
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (Date.now() > end)
        throw new Error(`not within ${deadlineMs / 1000} s: ${what}; ${String(error)}`, { cause: error })
      await pause(betweenMs)
    }
  }
}
