import { setTimeout } from 'node:timers'

// A run always ends: first a file that hangs is stopped, then the whole run, and at last this process.
const minute = 60_000

export const fileLimitMs = 15 * minute
const runLimitMs = 60 * minute
const lastLimitMs = 65 * minute

const controller = new AbortController()

/** Aborts when the whole run has taken too long, and so ends every child process. */
export const runIsOver = controller.signal

const end = () => {
  console.log(`FAIL the run was stopped after ${runLimitMs / minute} minutes`)
  controller.abort()
}
setTimeout(end, runLimitMs).unref()

const endAtOnce = () => {
  console.log(`FAIL the run did not stop, and was killed after ${lastLimitMs / minute} minutes`)
  process.exit(1)
}
setTimeout(endAtOnce, lastLimitMs).unref()
