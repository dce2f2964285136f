import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { asyncScheduler, NEVER } from 'rxjs'
import { runCommand } from '../../src/commands/cli.ts'
import { type Edge } from '../../src/commands/edge.ts'

/** An edge without environment, input, signals or crashes, except for the given ones. */
export const edgeOf = (given: Partial<Edge>): Edge => ({
  env: {},
  readFile: () => {
    throw Object.assign(new Error('there are no files'), { code: 'ENOENT' })
  },
  stdin: PassThrough.from([]),
  stdout: new PassThrough(),
  stderr: new PassThrough(),
  outputIsLog: () => undefined,
  signals: NEVER,
  crashes: NEVER,
  clock: asyncScheduler,
  random: () => 0.5,
  exit: code => {
    throw new Error(`the process was ended with ${code}`)
  },
  ...given,
})

/** Runs a command line in this process; returns its exit code and output. */
export const ran = async (
  args: readonly string[],
  given: Partial<Omit<Edge, 'stdout' | 'stderr'>> = {},
): Promise<{ code: number; output: string; errors: string }> => {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  const printed = Promise.all([text(stdout), text(stderr)])
  const code = await runCommand(args, edgeOf({ ...given, stdout, stderr }))
  stdout.end()
  stderr.end()
  const [output, errors] = await printed
  return { code, output, errors }
}
