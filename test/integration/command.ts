import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { projectFolder } from '../../rig/servers/folders.ts'
import { inherited } from '../../rig/servers/inherited.ts'
import { type Env } from './worker.ts'

const running = new Set<ChildProcess>()

/** Ends commands that a failed test left running. */
export const killCommands = (): void => running.forEach(child => child.kill('SIGKILL'))

/** A command other than `run`, started like an operator would. Its output is kept. */
export class Command {
  readonly #child: ChildProcess
  readonly #ended: Promise<unknown[]>
  output = ''
  errors = ''

  /** @param name such as `dead-letters` */
  constructor(name: string, env: Env, ...args: string[]) {
    const script = join(projectFolder, 'dist', 'src', 'main.js')
    this.#child = spawn(process.execPath, ['--enable-source-maps', script, name, ...args], {
      cwd: projectFolder,
      env: { ...inherited(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.output += text))
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.errors += text))
    running.add(this.#child)
    this.#ended = once(this.#child, 'close').finally(() => running.delete(this.#child))
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name)
  }

  /** Resolves with the exit code, or null if a signal ended it. */
  async exited(): Promise<number | null> {
    const [code] = (await this.#ended) as [number | null]
    return code
  }
}
