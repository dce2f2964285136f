import { type AddCommand } from '../add-command.ts'
import { configure } from '../configure.ts'
import { check } from './check.ts'

export const addCheck: AddCommand = (program, edge, done) =>
  void program
    .command('check')
    .summary('check the configuration, Kafka, the topics, Cassandra and the table')
    .description(
      'Checks the configuration, Kafka, both topics, Cassandra, the table and whether it accepts writes. Prints a line ' +
        'for each, with the command or the CQL that creates what is missing. Changes nothing.',
    )
    .action(async () => {
      const { stream, configuration } = await configure(edge)
      for (const warning of configuration.warnings) edge.stderr.write(`${warning}\n`)
      done(await check(stream, configuration.settings, line => void edge.stdout.write(`${line}\n`), edge.clock))
    })
