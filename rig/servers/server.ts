import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { type Watchdog } from './watchdog.ts'

/** How to start one server, and how to check that it is ready. */
export interface ServerPlan {
  /** Its name in error messages. */
  readonly name: string
  readonly program: string
  readonly args: readonly string[]
  /** Receives the output of the server. */
  readonly logFile: string
  /** A probe, which rejects while the server is not ready. */
  readonly probe: () => Promise<void>
}

const startDeadlineMs = 90_000
const betweenProbesMs = 50
const termDeadlineMs = 15_000

/** One server process to which faults can be applied. It keeps its ports and its data. */
export class Server {
  #child: ChildProcess | undefined
  #ended: Promise<unknown> = Promise.resolve()
  #plan: ServerPlan
  readonly #watchdog: Watchdog

  constructor(plan: ServerPlan, watchdog: Watchdog) {
    this.#plan = plan
    this.#watchdog = watchdog
  }

  /** @throws Error while the server is not running. */
  get pid(): number {
    if (this.#child?.pid === undefined) throw new Error(`${this.#plan.name} is not running`)
    return this.#child.pid
  }

  /** The file with the output of the server; removed by `stop`. */
  get logFile(): string {
    return this.#plan.logFile
  }

  /**
   * Starts the server and waits until it is ready.
   *
   * @throws Error with the last lines of its log if it ends or is not ready within 90 s
   */
  async start(): Promise<void> {
    const log = openSync(this.#plan.logFile, 'a')
    // Its own process group, so that Ctrl-C in the terminal reaches only us.
    const child = spawn(this.#plan.program, this.#plan.args, { detached: true, stdio: ['ignore', log, log] })
    closeSync(log)
    this.#child = child
    this.#ended = once(child, 'exit').then(() => this.#forget(child))
    child.unref()
    this.#watchdog.watch(child.pid)
    await this.#serving()
  }

  /** SIGKILL; resolves when the process has ended. */
  async kill(): Promise<void> {
    await this.#signal('SIGKILL')
  }

  /** SIGTERM, and SIGKILL after 15 s. */
  async terminate(): Promise<void> {
    this.resume()
    const patience = setTimeout(() => void this.kill(), termDeadlineMs)
    await this.#signal('SIGTERM')
    clearTimeout(patience)
  }

  /** SIGSTOP: the ports stay open, but nothing answers. */
  pause(): void {
    this.#child?.kill('SIGSTOP')
  }

  /** SIGCONT. */
  resume(): void {
    this.#child?.kill('SIGCONT')
  }

  /** Stops the server with SIGTERM if it runs, then starts it. */
  async restart(): Promise<void> {
    await this.terminate()
    await this.start()
  }

  /** Changes what the next start runs. */
  protected replan(changes: Partial<ServerPlan>): void {
    this.#plan = { ...this.#plan, ...changes }
  }

  /** Kills the server and removes its data. */
  async stop(): Promise<void> {
    await this.kill()
    await this.#watchdog.finish()
  }

  async #signal(signal: NodeJS.Signals): Promise<void> {
    this.#child?.ref()
    this.#child?.kill(signal)
    await this.#ended
  }

  #forget(child: ChildProcess): void {
    if (this.#child !== child) return
    this.#child = undefined
    this.#watchdog.watch(undefined)
  }

  async #serving(): Promise<void> {
    const deadline = Date.now() + startDeadlineMs
    while (this.#child !== undefined && Date.now() < deadline) {
      try {
        await this.#plan.probe()
        return
      } catch {
        await pause(betweenProbesMs)
      }
    }
    const what = this.#child === undefined ? 'ended during its start' : `is not ready after ${startDeadlineMs / 1000} s`
    throw new Error(`${this.#plan.name} ${what}; its last lines:\n${await this.#lastLines()}`)
  }

  /** The end of its log, after the last errors before that: a server may log much while it stops. */
  async #lastLines(): Promise<string> {
    const lines = (await readFile(this.#plan.logFile, 'utf8')).trimEnd().split('\n')
    const errors = lines.slice(0, -20).filter(line => /\b(ERROR|FATAL)\b|Exception/.test(line))
    return [...errors.slice(-10), ...lines.slice(-20)].join('\n')
  }
}
