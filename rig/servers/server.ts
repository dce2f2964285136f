import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { type Watchdog } from './watchdog.ts'

/** How to start one server, again and again, and how to see that it serves. */
export interface ServerPlan {
  /** As error messages shall name it. */
  readonly name: string
  readonly program: string
  readonly args: readonly string[]
  /** Takes what the server prints. */
  readonly logFile: string
  /** One try to be served; it rejects as long as the server does not serve. */
  readonly probe: () => Promise<void>
}

const startDeadlineMs = 90_000
const betweenProbesMs = 50
const termDeadlineMs = 15_000

/** One server as a process that can be treated badly. Its ports and its data stay the same through all of it. */
export class Server {
  #child: ChildProcess | undefined
  #ended: Promise<unknown> = Promise.resolve()
  readonly #plan: ServerPlan
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

  /** The file that takes what the server prints; gone after `stop`. */
  get logFile(): string {
    return this.#plan.logFile
  }

  /**
   * Starts the server and waits until it serves.
   *
   * @throws Error with the last lines of its log when it ends instead or does not serve within 90 s.
   */
  async start(): Promise<void> {
    const log = openSync(this.#plan.logFile, 'a')
    // A group of its own, so that Ctrl-C in the terminal is ours alone to act on.
    const child = spawn(this.#plan.program, this.#plan.args, { detached: true, stdio: ['ignore', log, log] })
    closeSync(log)
    this.#child = child
    this.#ended = once(child, 'exit').then(() => this.#forget(child))
    child.unref()
    this.#watchdog.watch(child.pid)
    await this.#serving()
  }

  /** SIGKILL; resolves when the process is gone. */
  async kill(): Promise<void> {
    await this.#signal('SIGKILL')
  }

  /** SIGTERM, the server's own orderly end; SIGKILL when that takes longer than 15 s. */
  async terminate(): Promise<void> {
    this.resume()
    const patience = setTimeout(() => void this.kill(), termDeadlineMs)
    await this.#signal('SIGTERM')
    clearTimeout(patience)
  }

  /** SIGSTOP: the ports stay open, nothing answers. */
  pause(): void {
    this.#child?.kill('SIGSTOP')
  }

  /** SIGCONT. */
  resume(): void {
    this.#child?.kill('SIGCONT')
  }

  /** Ends the server in order if it runs, then `start`. */
  async restart(): Promise<void> {
    await this.terminate()
    await this.start()
  }

  /** Ends the server for good, at once, and removes its data. */
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
    const what = this.#child === undefined ? 'ended while starting' : `does not serve after ${startDeadlineMs / 1000} s`
    throw new Error(`${this.#plan.name} ${what}; its last lines:\n${await this.#lastLines()}`)
  }

  async #lastLines(): Promise<string> {
    return (await readFile(this.#plan.logFile, 'utf8')).trimEnd().split('\n').slice(-20).join('\n')
  }
}
