// npm run audit-scale: a table of many rows, filled by the worker and spoilt on purpose, and whether an audit tells exactly that.
// Prints a line of JSON; the exit code is 1 when something was not told, or told and not planted.
import { parseArgs } from 'node:util'
import { auditAtScale } from '../rig/audit/scale.ts'

const help = `Usage: npm run audit-scale -- [OPTION] [-- OPTION OF audit]
  --rows N       rows of the table (1000000)
  --planted N    rows spoilt in each way (50)
  --seed N       of load and choice (1)
  --help         print this
`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rows: { type: 'string', default: '1000000' },
    planted: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) console.log(help)
else {
  const result = await auditAtScale({
    ...{ rows: Number(values.rows), planted: Number(values.planted), seed: Number(values.seed) },
    ...{ options: positionals, progress: line => console.error(line) },
  })
  console.log(JSON.stringify(result))
  if (result.wrong.length > 0 || result.told === 0) process.exitCode = 1
}
