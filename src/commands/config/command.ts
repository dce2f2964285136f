import { type AddCommand } from '../add-command.ts'
import { configure } from '../configure.ts'
import { printConfig } from './print-config.ts'

export const addConfig: AddCommand = (program, edge) =>
  void program
    .command('config')
    .summary('print every setting in force, without secrets')
    .description('Prints every setting in force. Secrets are masked.')
    .action(async () => {
      const { configuration } = await configure(edge)
      printConfig(configuration, text => void edge.stdout.write(text))
    })
