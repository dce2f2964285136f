import { type Writable } from 'node:stream'

/** What happens if an output of the process cannot be written. */
export interface OutputErrors {
  /** From now on standard output is a log, without which the worker continues. */
  readonly outputIsLog: () => void
}

/**
 * Handles write errors of the process's outputs, which would otherwise end it. The first of standard output, for example a
 * full disk, is reported on standard error, and `failed` is called unless standard output is a log. If a pipe is closed
 * early (EPIPE), for example by `head`, its reader has read enough: that is no failure. Errors of standard error are
 * ignored, because there is nowhere to report them.
 */
export const handleOutputErrors = (stdout: Writable, stderr: Writable, failed: () => void): OutputErrors => {
  let isLog = false
  let isReported = false
  stderr.on('error', () => undefined)
  stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE' || isReported) return
    isReported = true
    const consequence = isLog ? '; the worker continues without its log' : ''
    stderr.write(`standard output cannot be written: ${message}${consequence}\n`)
    if (!isLog) failed()
  })
  return {
    outputIsLog: () => {
      isLog = true
    },
  }
}
