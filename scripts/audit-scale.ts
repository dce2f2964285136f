// npm run audit-scale: fills a table of many rows, corrupts some on purpose, and checks that an audit reports exactly these.
// Prints a line of JSON. The exit code is 1 if a difference was missed, or reported but not planted.
import { auditAtScale } from '../rig/audit/scale.ts'
import { scriptArguments } from './script-arguments.ts'

const help = `Usage: npm run audit-scale -- [OPTION] [-- OPTION OF audit]
  --rows N       rows of the table (1000000)
  --planted N    rows to corrupt in each way (50)
  --seed N       random seed (1)
  --help         print this
`

const options = {
  rows: { type: 'string', default: '1000000' },
  planted: { type: 'string', default: '50' },
  seed: { type: 'string', default: '1' },
} as const
const { values, positionals } = scriptArguments(help, options, true)

const result = await auditAtScale({
  ...{ rows: Number(values.rows), planted: Number(values.planted), seed: Number(values.seed) },
  ...{ options: positionals, progress: line => console.error(line) },
})
console.log(JSON.stringify(result))
if (result.wrong.length > 0 || result.told === 0) process.exitCode = 1
