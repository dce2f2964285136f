import { setTimeout } from 'node:timers'

// A run ends in any case: a file that hangs is ended first, then the whole run, at last this process.
const minute = 60_000

export const fileLimitMs = 15 * minute
const runLimitMs = 60 * minute
const lastLimitMs = 65 * minute

const controller = new AbortController()

/** Aborted when the whole run has taken too long; it ends every child process. */
export const runIsOver = controller.signal

const end = () => {
  console.log(`FAIL the run is ended: it has taken ${runLimitMs / minute} minutes`)
  controller.abort()
}
setTimeout(end, runLimitMs).unref()

const endAtOnce = () => {
  console.log(`FAIL the run did not end when it was told to: it is ended after ${lastLimitMs / minute} minutes`)
  process.exit(1)
}
setTimeout(endAtOnce, lastLimitMs).unref()
