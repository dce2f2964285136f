import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Socket } from 'node:net'

// One line a process to look after, an empty line for none. The end of the input is our own end, however it came.
const script = 'while read -r line; do pid=$line; done; [ -n "$pid" ] && kill -9 "$pid"; rm -rf "$1"'

export interface Watchdog {
  /** From now on this process ends with ours; `undefined`: none does. */
  watch(pid: number | undefined): void
  /** Ends the process that is watched, if any, and removes the folder. */
  finish(): Promise<void>
}

/**
 * Starts a shell that outlives this process by a moment, whatever ends it (SIGKILL too), to kill what it watches and to
 * remove its folder. It holds nobody up: this process may end while it runs.
 */
export const startWatchdog = (folder: string): Watchdog => {
  // A session of its own: Ctrl-C in the terminal goes to our whole group and must not end the watchdog first.
  const shell = spawn('sh', ['-c', script, 'watchdog', folder], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
  const ended = once(shell, 'exit')
  shell.unref()
  const input = shell.stdin
  if (input instanceof Socket) input.unref()
  return {
    watch: pid => input.write(`${pid ?? ''}\n`),
    async finish() {
      shell.ref()
      input.end()
      await ended
    },
  }
}
