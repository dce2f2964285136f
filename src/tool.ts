import { config as loadDotenv } from 'dotenv'
import { readFileSync } from 'node:fs'
import { UsageError } from './commands/usage-error.ts'
import { ConfigError } from './config/config-error.ts'
import { loadSettings, type Settings } from './config/load.ts'
import { streamName } from './config/settings.ts'
import { Fault } from './model/faults.ts'
import { type Stream } from './stream/definition.ts'
import { loadStream, UnknownStream } from './stream/load.ts'

/** What a tool prints to. */
export interface Terminal {
  /** Results: standard output. */
  readonly write: (text: string) => void
  /** Progress and complaints: standard error. */
  readonly tell: (text: string) => void
  readonly isTerminal: boolean
}

/** A program that operators run beside the worker, with the worker's settings. */
export interface Tool<C> {
  readonly help: string
  /** @throws UsageError, or what node:util's parseArgs throws */
  readonly read: (args: readonly string[]) => C | 'help'
  /**
   * Gives the exit code. When `signal` is raised it finishes what is under way.
   *
   * @throws Fault when Kafka or Cassandra is in trouble
   */
  readonly run: (
    command: C,
    stream: Stream,
    settings: Settings,
    terminal: Terminal,
    signal: AbortSignal,
  ) => Promise<number>
}

const wrongArguments = 64
const wrongConfiguration = 78
/** What a shell reports for a process that a signal ended: 128 and the signal's number. */
const interruptedBy = { SIGINT: 130, SIGTERM: 143 } as const

const patienceMs = 1000

const terminal: Terminal = {
  write: text => void process.stdout.write(text),
  tell: text => void process.stderr.write(text),
  isTerminal: process.stderr.isTTY,
}

const start = async <C>(tool: Tool<C>): Promise<number> => {
  const command = tool.read(process.argv.slice(2))
  if (command === 'help') {
    terminal.write(tool.help)
    return 0
  }
  loadDotenv({ quiet: true })
  const stream = await loadStream(streamName(process.env))
  const { settings, warnings } = loadSettings(process.env, stream, path => readFileSync(path, 'utf8'))
  for (const warning of warnings) terminal.tell(`${warning}\n`)

  const interruption = new AbortController()
  let interrupted = 0
  let since = Infinity
  const interrupt = (code: number): void => {
    // Whoever asks again means it; but the same Ctrl-C may come twice, from the terminal and from npm.
    if (Date.now() - since > patienceMs) process.exit(code)
    if (interrupted === 0) since = Date.now()
    interrupted ||= code
    interruption.abort()
  }
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => interrupt(interruptedBy[name]))
  const code = await tool.run(command, stream, settings, terminal, interruption.signal)
  return interrupted || code
}

const exitCodeOf = (error: unknown): number => {
  if (error instanceof ConfigError || error instanceof UnknownStream) return wrongConfiguration
  if (error instanceof UsageError) return wrongArguments
  const { code } = error as { code?: unknown }
  return typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS') ? wrongArguments : 1
}

const nextStep = (error: unknown): string =>
  error instanceof Fault ? '; npm start -- --check looks at what is there' : ''

/** Runs a tool as this process: its arguments, its environment, its signals, its exit code. */
export const runTool = async <C>(tool: Tool<C>): Promise<void> => {
  try {
    process.exitCode = await start(tool)
  } catch (error) {
    process.exitCode = exitCodeOf(error)
    terminal.tell(`${error instanceof Error ? error.message : String(error)}${nextStep(error)}\n`)
  }
  // Everything is said and closed; a socket that does not close must not keep the process.
  setTimeout(() => process.exit(), 1000).unref()
}
