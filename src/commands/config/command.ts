import { type AddCommand } from '../add-command.ts'
import { configure } from '../configure.ts'
import { printConfig } from './print-config.ts'

export const addConfig: AddCommand = (program, edge) =>
  void program
    .command('config')
    .summary('print all settings in force, without secrets')
    .description('Prints all settings in force as an .env file. Secrets are masked and commented out.')
    .action(async () => {
      const { configuration } = await configure(edge)
      for (const warning of configuration.warnings) edge.stderr.write(`${warning}\n`)
      printConfig(configuration, text => void edge.stdout.write(text))
    })
