import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Socket } from 'node:net'

// Each line has the process to watch; an empty line means none. End of input means that our process has ended.
const script = 'while read -r line; do pid=$line; done; [ -n "$pid" ] && kill -9 "$pid"; rm -rf "$1"'

export interface Watchdog {
  /** Watches this process from now on, or none if undefined. */
  watch(pid: number | undefined): void
  /** Kills the watched process, if any, and removes the folder. */
  finish(): Promise<void>
}

/**
 * Starts a shell that outlives this process for a moment, whatever ends it (even SIGKILL). It kills the watched process and
 * removes its folder. It does not keep this process alive.
 */
export const startWatchdog = (folder: string): Watchdog => {
  // Its own session, because Ctrl-C in the terminal reaches our whole process group, and must not end the watchdog first.
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
