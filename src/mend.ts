import { parseArgs } from 'node:util'
import { mendTable } from './commands/mend.ts'
import { UsageError } from './commands/usage-error.ts'
import { runTool } from './tool.ts'

const help = `Usage: npm run mend -- --dry-run | --write
Mends rows of the stream's table in which a Scala Option was printed into text columns: Some(x) becomes x, None becomes
null, also in the keys and values of maps. Values that are not such print-outs are left alone, and so is the key.

  --dry-run  write nothing, count what would be mended, by column
  --write    mend; safe to interrupt and to repeat, and while a worker writes: whatever was read since then stands
  --help     print this, and end

Settings come from the environment and from .env, as the worker's do.
Exit codes: 0 done; 1 Cassandra is in trouble, part may be done; 64 wrong arguments; 78 wrong configuration;
            130 and 143 interrupted by SIGINT and SIGTERM.
`

const option = { type: 'boolean', default: false } as const

const read = (args: readonly string[]): { dryRun: boolean } | 'help' => {
  const { values } = parseArgs({ args: [...args], options: { 'dry-run': option, write: option, help: option } })
  if (values.help) return 'help'
  if (values['dry-run'] === values.write) throw new UsageError('one of --dry-run and --write is needed')
  return { dryRun: values['dry-run'] }
}

await runTool({
  help,
  read,
  run: async ({ dryRun }, stream, settings, terminal, signal) => {
    await mendTable(stream, settings, dryRun, terminal, signal)
    return 0
  },
})
