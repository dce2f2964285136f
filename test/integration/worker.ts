import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { projectFolder } from '../../rig/servers/folders.ts'
import { inherited } from '../../rig/servers/inherited.ts'
import { eventually } from '../../rig/eventually.ts'
import { productIn } from '../../rig/product.ts'

export type Env = Readonly<Record<string, string>>
export type LogLine = Readonly<Record<string, unknown>> & { readonly message: string; readonly level: string }

const main = productIn(projectFolder)

const running = new Set<ChildProcess>()

/** Ends workers that a failed test left running. */
export const killWorkers = (): void => running.forEach(child => child.kill('SIGKILL'))

/** A worker process, started like an operator would. Its output is kept. */
export class Worker {
  readonly #child: ChildProcess
  readonly #ended: Promise<unknown[]>
  output = ''
  errors = ''

  constructor(env: Env, ...args: string[]) {
    this.#child = spawn(process.execPath, [main, ...args], {
      // Without a .env.
      cwd: tmpdir(),
      env: { ...inherited(), LOG_FORMAT: 'json', HTTP_PORT: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.output += text))
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.errors += text))
    running.add(this.#child)
    this.#ended = once(this.#child, 'close').finally(() => running.delete(this.#child))
  }

  get log(): LogLine[] {
    return this.output
      .split('\n')
      .filter(line => line.startsWith('{'))
      .map(line => JSON.parse(line) as LogLine)
  }

  /** Resolves with the first line that has this message. */
  logged(message: string): Promise<LogLine> {
    return eventually(`the worker logs "${message}"`, () => {
      const line = this.log.find(found => found.message === message)
      if (line === undefined) throw new Error(`so far:\n${this.output}${this.errors}`)
      return line
    })
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name)
  }

  /** Resolves with the exit code, or null if a signal ended it. */
  async exited(): Promise<number | null> {
    const [code] = (await this.#ended) as [number | null]
    return code
  }

  /** Sends SIGTERM; resolves with the exit code. */
  async stop(): Promise<number | null> {
    this.signal('SIGTERM')
    return this.exited()
  }
}
