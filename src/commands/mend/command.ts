import { type AddCommand } from '../add-command.ts'
import { exitCodes } from '../exit-codes.ts'
import { runTool } from '../tool.ts'
import { UsageError } from '../usage-error.ts'
import { mendTable } from './mend-table.ts'

export const addMend: AddCommand = (program, edge, done) =>
  void program
    .command('mend')
    .summary('repair rows that the Flink job filled with Some(...)')
    .description(
      'Repairs rows in which the Flink job printed a Scala Option into a text column: Some(x) becomes x, None becomes ' +
        'null, also in the keys and values of maps. It does not change other values or key columns.\n\n' +
        'It is safe to interrupt, to repeat, and to run while a worker runs: events that are read later win.',
    )
    .option('--dry-run', 'write nothing; count the changes by column')
    .option('--write', 'repair the rows')
    .action(({ dryRun = false, write = false }: { dryRun?: boolean; write?: boolean }) => {
      if (dryRun === write) throw new UsageError('use either --dry-run or --write')
      return runTool(edge, async (stream, settings, terminal, signal) => {
        await mendTable(stream, settings, dryRun, terminal, signal)
        return exitCodes.ok
      }).then(done)
    })
