#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { asyncScheduler, fromEvent, map, merge } from 'rxjs'
import { runCommand } from './commands/cli.ts'
import { type Edge, type StopSignal } from './commands/edge.ts'
import { exitCodes } from './commands/exit-codes.ts'
import { handleOutputErrors } from './commands/output-errors.ts'

const signal = (name: StopSignal) => fromEvent(process, name).pipe(map(() => name))

// The error of a write may come when the command is already done.
const { outputIsLog } = handleOutputErrors(process.stdout, process.stderr, () => {
  process.exitCode = exitCodes.failed
})

const edge: Edge = {
  env: process.env,
  readFile: path => readFileSync(path),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  outputIsLog,
  signals: merge(signal('SIGINT'), signal('SIGTERM')),
  // Includes unhandled rejections.
  crashes: fromEvent(process, 'uncaughtException').pipe(
    map(args => (Array.isArray(args) ? (args[0] as unknown) : args)),
  ),
  clock: asyncScheduler,
  random: Math.random,
  exit: code => process.exit(code),
}

const code = await runCommand(process.argv.slice(2), edge)
if (code !== exitCodes.ok) process.exitCode = code
// Everything is closed by now. A socket that does not close must not keep the process alive.
setTimeout(() => process.exit(), 1000).unref()
