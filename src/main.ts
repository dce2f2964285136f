import { config as loadDotenv } from 'dotenv'
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { asyncScheduler, fromEvent, map, merge, take } from 'rxjs'
import { check } from './commands/check.ts'
import { runPreview } from './commands/preview.ts'
import { printConfig } from './commands/print-config.ts'
import { run } from './commands/run.ts'
import { ConfigError } from './config/config-error.ts'
import { loadSettings } from './config/load.ts'
import { streamName } from './config/settings.ts'
import { openLog } from './observe/log/log.ts'
import { loadStream, UnknownStream } from './stream/load.ts'

const help = `Usage: npm start -- [OPTION]
Reads JSON events from Kafka, flattens them and writes them to Cassandra, until SIGTERM or SIGINT.

  --check         look whether Kafka, the topics, Cassandra and the table are there, and end
  --print-config  print every setting in force, secrets masked, and end
  --preview STREAM [FILE]
                  no servers: one event a line from FILE or standard input, one line of JSON out for each
  --help          print this, and end

Beside it: npm run dead-letters -- --help   counts, shows and replays dead letters
           npm run mend -- --help           mends rows that the Flink job filled with Some(...)
Settings come from the environment and from .env; .env.example describes each.
Exit codes: 0 done; 1 the worker could not go on, or not all in flight was finished in time, or a check failed;
            64 wrong arguments; 66 FILE cannot be read; 78 wrong configuration.
`

const wrongArguments = 64
const wrongConfiguration = 78

const print = (text: string): void => void process.stdout.write(text)

const runWorker = async (options: { check: boolean; 'print-config': boolean }): Promise<number> => {
  const stream = await loadStream(streamName(process.env))
  const { settings, inForce, warnings } = loadSettings(process.env, stream, path => readFileSync(path, 'utf8'))
  if (options['print-config']) {
    printConfig({ inForce }, print)
    return 0
  }
  if (options.check) return check(stream, settings, line => print(`${line}\n`), asyncScheduler)

  const log = openLog(settings.log, process.stdout, asyncScheduler)
  for (const warning of warnings) log.warn(warning)
  const signals = (['SIGTERM', 'SIGINT'] as const).map(name => fromEvent(process, name).pipe(map(() => name)))
  try {
    return await run(stream, { settings, inForce }, log, merge(...signals).pipe(take(1)))
  } finally {
    await log.close()
  }
}

const main = async (): Promise<number> => {
  const [first, ...rest] = process.argv.slice(2)
  if (first === '--preview') return runPreview(rest, process.stdin, process.stdout, process.stderr)
  const { values } = parseArgs({
    options: {
      check: { type: 'boolean', default: false },
      'print-config': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    print(help)
    return 0
  }
  loadDotenv({ quiet: true })
  return runWorker(values)
}

const exitCodeOf = (error: unknown): number => {
  if (error instanceof ConfigError || error instanceof UnknownStream) return wrongConfiguration
  const { code } = error as { code?: unknown }
  return typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS') ? wrongArguments : 1
}

try {
  process.exitCode = await main()
} catch (error) {
  process.exitCode = exitCodeOf(error)
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
}
// Everything is said and closed; a socket that does not close must not keep the process.
setTimeout(() => process.exit(), 1000).unref()
