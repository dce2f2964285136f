// npm run commits -- main..HEAD: checks that the commits of a range follow the grammar of CONTRIBUTING.md.
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const longest = 100
const grammar = /^[A-Z][\w-]*( [\w-]+){0,2}: \S/

/** The problems of a commit message; empty if there are none. */
export const faultsOf = (message: string): string[] => {
  const [subject = '', second = ''] = message.trim().split('\n')
  const faults: string[] = []
  if (!grammar.test(subject)) faults.push('the first line is not "Area: what changed"')
  if (subject.length > longest) faults.push(`the first line has ${subject.length} characters; ${longest} are allowed`)
  if (subject.endsWith('.')) faults.push('the first line ends with a full stop')
  if (second !== '') faults.push('the second line is not blank')
  return faults
}

/** The commits of a range without merges, each with its message. */
const commitsOf = (range: string): { commit: string; message: string }[] =>
  execFileSync('git', ['log', '--no-merges', '--format=%h %B%x00', range], { encoding: 'utf8' })
    .split('\0')
    .map(entry => entry.trim())
    .filter(entry => entry !== '')
    .map(entry => ({ commit: entry.slice(0, entry.indexOf(' ')), message: entry.slice(entry.indexOf(' ') + 1) }))

const help = `Usage: npm run commits -- RANGE
Checks the messages of all commits in RANGE, for example main..HEAD, against the grammar of CONTRIBUTING.md.

Exit codes: 0 all messages are valid; 1 some are not; 64 wrong arguments.
`

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [range, ...more] = process.argv.slice(2)
  if (range === undefined || range.startsWith('-') || more.length > 0) {
    process.stdout.write(help)
    process.exit(range === '--help' ? 0 : 64)
  }
  const faults = commitsOf(range).flatMap(({ commit, message }) =>
    faultsOf(message).map(fault => `${commit}: ${fault}`),
  )
  for (const fault of faults) console.error(fault)
  process.exitCode = faults.length === 0 ? 0 : 1
}
