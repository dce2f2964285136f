import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { projectFolder } from '../servers/folders.ts'
import { inherited } from '../servers/inherited.ts'
import { startWatchdog, type Watchdog } from '../servers/watchdog.ts'
import { type Note, parseNotes } from './readings.ts'

/** The worker as it is built. */
export const builtWorker = join(projectFolder, 'dist', 'src', 'main.js')

const probe = join(projectFolder, 'dist', 'rig', 'faults', 'probe.js')

export interface LogLine {
  readonly level: string
  readonly message: string
  readonly [fact: string]: unknown
}

const parseLine = (text: string): LogLine => {
  try {
    return JSON.parse(text) as LogLine
  } catch {
    return { level: 'raw', message: text }
  }
}

const pages = ['metrics', 'state', 'ready', 'health', 'settings'] as const

// Long enough for a busy worker; one that hangs is not waited for.
const pageMs = 3_000

/** A worker as a process of its own, that can be treated badly; it ends with the process that started it. */
export class WorkerProcess {
  readonly lines: LogLine[] = []
  /** Everything it has printed, to look for what must not be there. */
  output = ''
  /** What it has served, by path, when it was last asked. */
  readonly served = new Map<string, string>()
  /** Its exit code, or the signal that ended it; undefined while it runs. */
  end: number | NodeJS.Signals | undefined
  readonly ended: Promise<void>
  readonly #child: ChildProcess
  readonly #probeFile: string
  readonly #watchdog: Watchdog

  constructor(child: ChildProcess, probeFile: string, watchdog: Watchdog) {
    this.#child = child
    this.#probeFile = probeFile
    this.#watchdog = watchdog
    this.ended = once(child, 'close').then(([code, signal]) => {
      this.end = (code as number | null) ?? (signal as NodeJS.Signals)
      watchdog.watch(undefined)
    })
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue
      createInterface({ input: stream }).on('line', text => {
        this.output += `${text}\n`
        this.lines.push(parseLine(text))
      })
    }
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  get running(): boolean {
    return this.end === undefined
  }

  said(message: string): LogLine | undefined {
    return this.lines.find(line => line.message.includes(message))
  }

  /** Before an order to stop, what it serves is read, to look there too for what must not be there. */
  async signal(name: NodeJS.Signals): Promise<void> {
    if (name === 'SIGTERM' && this.running) await this.#readPages()
    this.#child.kill(name)
    if (name === 'SIGKILL' || name === 'SIGTERM') await this.ended
  }

  /** Nobody reads what it prints, from now on. */
  blockOutput(): void {
    this.#child.stdout?.pause()
  }

  unblockOutput(): void {
    this.#child.stdout?.resume()
  }

  /** Whatever it prints from now on meets a broken pipe. */
  closeOutput(): void {
    this.#child.stdout?.destroy()
  }

  /** What the probe in it has noted, also when it was killed. */
  async notes(): Promise<Note[]> {
    return parseNotes(await readFile(this.#probeFile, 'utf8').catch(() => ''))
  }

  /**
   * What it serves at this path.
   *
   * @throws Error while it serves nothing
   */
  async page(path: (typeof pages)[number]): Promise<string> {
    const url = this.said('serving metrics, probes and the page')?.['url']
    if (typeof url !== 'string') throw new Error('it serves nothing')
    return (await fetch(new URL(path, url), { signal: AbortSignal.timeout(pageMs) })).text()
  }

  async #readPages(): Promise<void> {
    await Promise.allSettled(pages.map(async path => this.served.set(path, await this.page(path))))
  }

  /** Ends it at once if it runs, and removes its notes. */
  async discard(): Promise<void> {
    if (this.running) await this.signal('SIGKILL')
    await this.#watchdog.finish()
  }
}

/** Starts `main` with this environment and nothing of ours. */
export const startWorker = async (
  main: string,
  environment: Readonly<Record<string, string>>,
  nodeOptions: readonly string[] = [],
): Promise<WorkerProcess> => {
  const folder = await mkdtemp(join(tmpdir(), 'sunbird-worker-'))
  const watchdog = startWatchdog(folder)
  const probeFile = join(folder, 'notes')
  const child = spawn(process.execPath, [...nodeOptions, '--import', probe, main], {
    cwd: folder,
    env: { ...inherited(), HTTP_PORT: '0', ...environment, PROBE_FILE: probeFile },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  watchdog.watch(child.pid)
  return new WorkerProcess(child, probeFile, watchdog)
}
