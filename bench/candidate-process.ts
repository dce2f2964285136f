import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { startWatchdog } from '../rig/servers/watchdog.ts'
import { type Candidate } from './candidates.ts'

const patienceMs = 30_000

/** A running candidate. It always ends with this process. */
export interface CandidateProcess {
  readonly pid: number
  /** `performance.now()` just before the process was created. */
  readonly startedAt: number
  /** Resolves with `performance.now()` when it prints this line. */
  line(text: string): Promise<number>
  /** Rejects if the process ends before it is stopped, with its last output. */
  readonly failed: Promise<never>
  stop(): Promise<void>
}

const stop = async (child: ChildProcess, ended: Promise<unknown>): Promise<void> => {
  const patience = setTimeout(() => child.kill('SIGKILL'), patienceMs)
  child.kill('SIGTERM')
  await ended
  clearTimeout(patience)
}

/** Starts a candidate with only these variables and PATH. */
export const startCandidate = async (
  { name, main, nodeOptions }: Candidate,
  variables: Readonly<Record<string, string>>,
): Promise<CandidateProcess> => {
  const folder = await mkdtemp(join(tmpdir(), 'sunbird-bench-'))
  const watchdog = startWatchdog(folder)
  const startedAt = performance.now()
  const child = spawn(process.execPath, [...nodeOptions, main], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', HTTP_PORT: '0', ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  watchdog.watch(child.pid)
  let stopped = false
  const printed: string[] = []
  const waiting = new Map<string, (at: number) => void>()
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', line => {
      waiting.get(line)?.(performance.now())
      printed.push(line)
      if (printed.length > 20) printed.shift()
    })
  }
  const ended = once(child, 'close')
  const failed = ended.then(([code]) => {
    if (stopped) return new Promise<never>(() => undefined)
    throw new Error(`${name} ended with code ${String(code)}; its last lines:\n${printed.join('\n')}`)
  })
  failed.catch(() => undefined)
  return {
    pid: child.pid ?? 0,
    startedAt,
    line: text => new Promise(resolve => waiting.set(text, resolve)),
    failed,
    stop: async () => {
      stopped = true
      await stop(child, ended)
      await watchdog.finish()
    },
  }
}
