import { type AddCommand } from '../add-command.ts'
import { configure } from '../configure.ts'
import { check } from './check.ts'

export const addCheck: AddCommand = (program, edge, done) =>
  void program
    .command('check')
    .summary('check configuration, Kafka, topics, Cassandra and table')
    .description(
      'Checks the configuration, Kafka, both topics, Cassandra, the table and whether it takes writes, and prints a ' +
        'line for each. Where something is missing, the line has the command or the CQL that creates it. Changes nothing.',
    )
    .action(async () => {
      const { stream, configuration } = await configure(edge)
      for (const warning of configuration.warnings) edge.stderr.write(`${warning}\n`)
      done(await check(stream, configuration.settings, line => void edge.stdout.write(`${line}\n`), edge.clock))
    })
