import { type AddCommand } from '../add-command.ts'
import { runTool } from '../tool.ts'
import { addCommands } from './arguments.ts'
import { deadLetters } from './dead-letters.ts'

export const addDeadLetters: AddCommand = (program, edge, done) => {
  const group = program
    .command('dead-letters')
    .summary('list, show and replay dead letters')
    .description('Lists and shows the dead letters of the stream, and publishes them to their topic again.')
    .helpCommand(false)
  addCommands(group, async command => {
    done(await runTool(edge, (_, ...rest) => deadLetters(command, ...rest, edge.clock)))
  })
}
