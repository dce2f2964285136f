#!/usr/bin/env node
import { asyncScheduler } from 'rxjs'
import { readCommand } from './commands/dead-letters/arguments.ts'
import { help } from './commands/dead-letters/help.ts'
import { deadLetters } from './commands/dead-letters.ts'
import { runTool } from './tool.ts'

await runTool({
  help,
  read: readCommand,
  run: (command, _, settings, terminal, signal) =>
    deadLetters(command, settings, terminal, signal, asyncScheduler, Math.random),
})
