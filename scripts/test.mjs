import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import './ensure-installed.mjs'
import { root } from './ensure-installed.mjs'
import { removeStaleModules } from './stale-modules.mjs'
import { printCoverage, startCoverage } from './testing/coverage.mjs'
import { compiled, testFiles } from './testing/files.mjs'
import { isNode24, unitTestsOnNode24 } from './testing/node-24.mjs'
import { close, report } from './testing/results.mjs'
import { runJobs } from './testing/jobs.mjs'
import { runFile } from './testing/run-files.mjs'
import { jobsWithServers } from './testing/shared-servers.mjs'
import { nodeStep, step } from './testing/step.mjs'
import { alone, runUnitTests } from './testing/unit-tests.mjs'

const help = `Usage: npm test [-- TEXT...]
Runs lint, types, and every test under test/. Prints a line for each file, and failures in full.

  npm test                 everything
  npm test -- operators    only test files whose path contains this text
  npm run test:quick       types, lint of uncommitted files, unit tests; no servers, under a minute
  npm run test:node24      unit tests on the Node version of the image
`
if (process.argv.includes('--help')) {
  process.stdout.write(help)
  process.exit(0)
}

const quick = process.argv.includes('--quick')
const only24 = process.argv.includes('--node24')
const parts = process.argv.slice(2).filter(argument => !argument.startsWith('--'))
const whole = !quick && !only24 && parts.length === 0
// How many test files run at the same time.
const lanes = 4
// Random schedules in virtual time; npm test runs more of them.
if (quick) process.env.SCHEDULES ??= '100'
const { unit, slow, withServers } = testFiles(parts)

const anyFiles = '--no-error-on-unmatched-pattern'
const oxlint = files => nodeStep('lint', 'oxlint/bin/oxlint', '--config', 'oxlint.config.js', ...files, anyFiles)
const oxfmt = files => nodeStep('format', 'oxfmt/bin/oxfmt', '--check', ...files, anyFiles)

const lintAll = async () => {
  await oxlint(['.'])
  const folders = ['src', 'streams', 'rig', 'test', 'bench', 'scripts']
  const config = ['--config', '.dependency-cruiser.js', '--output-type', 'err']
  await nodeStep('imports', 'dependency-cruiser/bin/dependency-cruise.mjs', ...config, ...folders)
  await oxfmt(['.'])
}

/** Files that are changed or new in git. */
const uncommitted = () => {
  if (!existsSync(`${root}.git`)) return []
  const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).split('\n')
  const changed = git('diff', '--name-only', '--diff-filter=d', '--relative', 'HEAD')
  return [...changed, ...git('ls-files', '--others', '--exclude-standard')].filter(name => name !== '')
}

const lintUncommitted = async () => {
  const files = uncommitted()
  const code = files.filter(name => /\.(ts|m?js)$/.test(name))
  if (code.length > 0) await oxlint(code)
  if (files.length > 0) await oxfmt(files)
}

if (unit.length + slow.length + withServers.length === 0) {
  console.error(`no test file has ${parts.join(' or ')} in its path`)
  process.exit(1)
}
removeStaleModules()
await nodeStep('types', 'typescript-7/bin/tsc', '--project', 'tsconfig.json')
await step('bundle', process.execPath, 'scripts/bundle.mjs', 'dist/product')
const missing = [...unit, ...slow, ...withServers].filter(name => !existsSync(compiled(name)))
for (const name of missing) report(name, { passed: 0, failed: 1 }, Date.now(), 'not compiled; ')

if (only24) await unitTestsOnNode24(unit)
else if (quick) await Promise.all([runUnitTests(unit, 2), lintUncommitted()])
else {
  if (whole) startCoverage()
  const installing = async () => {
    if (whole) await lintAll()
    for (const name of slow) await runFile(name)
  }
  const testing = async () => {
    const jobs = await jobsWithServers(withServers)
    const twice = whole && !isNode24
    // A process's cost is counted once, on the image's version of Node.
    const once = twice ? unit.filter(file => !alone.includes(file)) : unit
    // Tests with servers spend much of their time waiting. Unit tests never wait, so they come last and use both cores.
    jobs.push(() => runUnitTests(once, withServers.length > 0 ? 1 : 2))
    if (twice) jobs.push(() => unitTestsOnNode24(unit))
    await runJobs(jobs, lanes)
  }
  await Promise.all([installing(), testing()])
  if (whole) printCoverage()
}
close()
