import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { productIn } from '../product.ts'
import { projectFolder } from '../servers/folders.ts'
import { startWatchdog, type Watchdog } from '../servers/watchdog.ts'
import { metricIn } from './metrics-reader.ts'
import { type Note, parseNotes } from './readings.ts'

/** The built worker. */
export const builtWorker = productIn(projectFolder)

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

// Long enough for a busy worker.
const pageMs = 3_000

/** A worker in its own process, to which faults can be applied. It ends with the process that started it. */
export class WorkerProcess {
  readonly lines: LogLine[] = []
  /** All its output, to search for personal data. */
  output = ''
  /** Its last responses, by path. */
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

  /** Reads its pages before a stop, to search them too. */
  async signal(name: NodeJS.Signals): Promise<void> {
    if (name === 'SIGTERM' && this.running) await this.#readPages()
    this.#child.kill(name)
    if (name === 'SIGKILL' || name === 'SIGTERM') await this.ended
  }

  /** Stops reading its output. */
  blockOutput(): void {
    this.#child.stdout?.pause()
  }

  unblockOutput(): void {
    this.#child.stdout?.resume()
  }

  /** Closes its output: a broken pipe. */
  closeOutput(): void {
    this.#child.stdout?.destroy()
  }

  /** The records of its probe, even if it was killed. */
  async notes(): Promise<Note[]> {
    return parseNotes(await readFile(this.#probeFile, 'utf8').catch(() => ''))
  }

  /**
   * Requests this path.
   *
   * @throws Error while it does not respond
   */
  async page(path: (typeof pages)[number]): Promise<string> {
    const url = this.said('serving metrics, probes and the page')?.['url']
    if (typeof url !== 'string') throw new Error('it serves no HTTP')
    return (await fetch(new URL(path, url), { signal: AbortSignal.timeout(pageMs) })).text()
  }

  /** What the page shows, in the part that the caller knows. @throws Error while it does not respond */
  async state<State>(): Promise<State> {
    return JSON.parse(await this.page('state')) as State
  }

  /** The sum of one of its metrics; see `metricIn`. @throws Error while it does not respond */
  async metric(name: string, labels = ''): Promise<number> {
    return metricIn(await this.page('metrics'), name, labels)
  }

  async #readPages(): Promise<void> {
    await Promise.allSettled(pages.map(async path => this.served.set(path, await this.page(path))))
  }

  /** Kills it if it runs, and removes its records. */
  async discard(): Promise<void> {
    if (this.running) await this.signal('SIGKILL')
    await this.#watchdog.finish()
  }
}

/** Starts `main` with only this environment. */
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
    // Not measured for coverage, because most are killed.
    env: { PATH: process.env['PATH'], HTTP_PORT: '0', ...environment, PROBE_FILE: probeFile },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  watchdog.watch(child.pid)
  return new WorkerProcess(child, probeFile, watchdog)
}
