import { skip, take } from 'rxjs'
import { openLog } from '../../observe/log/log.ts'
import { type AddCommand } from '../add-command.ts'
import { configure } from '../configure.ts'
import { deliberate } from '../deliberate-signals.ts'
import { type Edge } from '../edge.ts'
import { exitCodes } from '../exit-codes.ts'
import { run } from './run.ts'

const runWorker = async (edge: Edge): Promise<number> => {
  const { stream, configuration } = await configure(edge)
  edge.outputIsLog()
  const log = openLog(configuration.settings.log, edge.stdout, edge.clock)
  for (const warning of configuration.warnings) log.warn(warning)
  edge.crashes.subscribe(error => {
    log.error('the worker cannot continue', { error })
    void log.close().finally(() => edge.exit(exitCodes.failed))
  })
  const signals = edge.signals.pipe(deliberate(edge.clock))
  const impatient = signals.pipe(skip(1)).subscribe(name => edge.exit(exitCodes[name]))
  try {
    return await run(stream, configuration, log, signals.pipe(take(1)))
  } finally {
    await log.close()
    impatient.unsubscribe()
  }
}

export const addRun: AddCommand = (program, edge, done) =>
  void program
    .command('run')
    .summary('run the worker (the default)')
    .description(
      'Reads events from Kafka, flattens them and writes them to Cassandra. On SIGTERM or SIGINT it stops reading, ' +
        'writes and commits what is in flight, and exits.',
    )
    .action(async () => done(await runWorker(edge)))
