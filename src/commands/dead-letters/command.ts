import { type AddCommand } from '../add-command.ts'
import { runTool } from '../tool.ts'
import { readCommand } from './arguments.ts'
import { deadLetters } from './dead-letters.ts'
import { help } from './help.ts'

export const addDeadLetters: AddCommand = (program, edge, done) =>
  void program
    .command('dead-letters')
    .summary('list, show and replay dead letters')
    .helpOption(false)
    .passThroughOptions()
    .allowUnknownOption()
    .argument('[args...]')
    .action(async (args: string[]) => {
      const command = readCommand(args)
      if (command === 'help') edge.stdout.write(help)
      else {
        const { clock, random } = edge
        done(await runTool(edge, (_, ...rest) => deadLetters(command, ...rest, clock, random)))
      }
    })
