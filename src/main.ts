#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { asyncScheduler, fromEvent, map, merge } from 'rxjs'
import { runCommand } from './commands/cli.ts'
import { type Edge, type StopSignal } from './commands/edge.ts'

const signal = (name: StopSignal) => fromEvent(process, name).pipe(map(() => name))

const edge: Edge = {
  env: process.env,
  readFile: path => readFileSync(path),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  signals: merge(signal('SIGINT'), signal('SIGTERM')),
  // Includes unhandled rejections.
  crashes: fromEvent(process, 'uncaughtException').pipe(
    map(args => (Array.isArray(args) ? (args[0] as unknown) : args)),
  ),
  clock: asyncScheduler,
  random: Math.random,
  exit: code => process.exit(code),
}

// If a pipe is closed early, for example by `head`, its reader has read enough.
for (const output of [process.stdout, process.stderr]) {
  output.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}

process.exitCode = await runCommand(process.argv.slice(2), edge)
// Everything is closed by now. A socket that does not close must not keep the process alive.
setTimeout(() => process.exit(), 1000).unref()
