import { Command, CommanderError } from 'commander'
import { ConfigError } from '../config/config-error.ts'
import { EnvFileError } from '../config/env-file.ts'
import { Fault } from '../model/faults.ts'
import { packageVersion } from '../observe/http/assets.ts'
import { describeError } from '../observe/log/log-line.ts'
import { UnknownStream } from '../stream/load.ts'
import { type AddCommand } from './add-command.ts'
import { addAudit } from './audit/command.ts'
import { addCheck } from './check/command.ts'
import { addConfig } from './config/command.ts'
import { addDeadLetters } from './dead-letters/command.ts'
import { type Edge } from './edge.ts'
import { exitCodeMeanings, exitCodes } from './exit-codes.ts'
import { addMend } from './mend/command.ts'
import { addPreview } from './preview/command.ts'
import { addRun } from './run/command.ts'
import { addSkip } from './skip/command.ts'
import { NoInput, UsageError } from './usage-error.ts'

const commands: readonly AddCommand[] = [
  addRun,
  addCheck,
  addConfig,
  addPreview,
  addDeadLetters,
  addMend,
  addSkip,
  addAudit,
]

const epilogue = (): string => {
  const codes = exitCodeMeanings.map(([code, meaning]) => `  ${code.padEnd(9)} ${meaning}`)
  return [
    '',
    'Settings come from the environment and from .env: see docs/settings.md.',
    '',
    'Exit codes:',
    ...codes,
  ].join('\n')
}

const helpWidth = 100

/** The command line. Help and errors are printed to the edge's outputs. */
export const programOf = (edge: Edge, done: (code: number) => void): Command => {
  const program = new Command('sunbird-streams')
    .description(
      'Reads JSON events from Kafka, flattens them and writes them to Cassandra. Without a command it runs the worker.',
    )
    .helpOption('--help', 'print this help')
    .helpCommand(false)
    .usage('[command] [options]')
    .enablePositionalOptions()
    .showHelpAfterError('(--help lists commands and options)')
    .exitOverride()
    .configureOutput({
      writeOut: text => void edge.stdout.write(text),
      writeErr: text => void edge.stderr.write(text),
      getOutHelpWidth: () => helpWidth,
      getErrHelpWidth: () => helpWidth,
    })
    .addHelpText('afterAll', epilogue())
  for (const add of commands) add(program, edge, done)
  return program
}

const wrongConfiguration = [ConfigError, EnvFileError, UnknownStream]

const exitCodeOf = (error: unknown): number => {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
  if (wrongConfiguration.some(kind => error instanceof kind)) return exitCodes.configuration
  if (error instanceof UsageError) return exitCodes.usage
  if (error instanceof NoInput) return exitCodes.noInput
  return exitCodes.failed
}

const says = (error: unknown): string => {
  // Commander has printed its own errors.
  if (error instanceof CommanderError) return ''
  if (error instanceof Fault) return `${error.message}; sunbird-streams check shows what is missing\n`
  if (exitCodeOf(error) !== exitCodes.failed) return `${(error as Error).message}\n`
  return `${describeError(error)}\n`
}

/** Runs the command in the arguments, by default `run`. Returns the exit code and never throws. */
export const runCommand = async (args: readonly string[], edge: Edge): Promise<number> => {
  let code: number = exitCodes.ok
  try {
    const program = programOf(edge, given => (code = given))
    program.version(await packageVersion(), '--version', 'print the version')
    await program.parseAsync(args.length === 0 ? ['run'] : [...args], { from: 'user' })
    return code
  } catch (error) {
    edge.stderr.write(says(error))
    return exitCodeOf(error)
  }
}
