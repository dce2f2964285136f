import { execFile } from 'node:child_process'
import { tmpdir } from 'node:os'
import { inherited } from '../servers/inherited.ts'

/** How a command other than `run` ended. */
export interface CommandResult {
  readonly code: number | string | null | undefined
  /** What it printed, results and errors. */
  readonly says: string
}

/** Runs a command of the worker with only this environment, without `.env`, and waits for its end. */
export type RunCommand = (
  environment: Readonly<Record<string, string>>,
  args: readonly string[],
) => Promise<CommandResult>

// An audit of 200,000 rows on a busy machine.
const longestMs = 300_000

/** Runs each command in a process of its own. */
export const commandOf =
  (main: string): RunCommand =>
  (environment, args) =>
    new Promise(resolve => {
      const options = { cwd: tmpdir(), env: { ...inherited(), ...environment }, timeout: longestMs }
      execFile(process.execPath, [main, ...args], options, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : error.code, says: stdout + stderr })
      })
    })
