import { writeFileSync } from 'node:fs'
import { run } from 'node:test'
import { pathToFileURL } from 'node:url'
import { root } from '../ensure-installed.mjs'
import { compiled } from './files.mjs'
import { fileLimitMs, runIsOver } from './limits.mjs'
import { report, skip } from './results.mjs'

// Node's last words after v8.stopCoverage().
const coverageStopped = "'result' from coverage profile response is not an object"

const causeOf = ({ error }) => error?.cause?.stack ?? error?.cause ?? error?.stack ?? error

/** One module for all these files. */
const entryOf = names => {
  if (names.length === 1) return compiled(names[0])
  const entry = `${root}dist/together-${names[0].replaceAll(/\W/g, '-')}.mjs`
  writeFileSync(entry, names.map(name => `import '${pathToFileURL(compiled(name)).href}'\n`).join(''))
  return entry
}

/** Runs these files in one process. A failed test is printed with its suites. */
export const runTogether = async names => {
  const entry = entryOf(names)
  const counts = new Map(names.map(name => [compiled(name), { name, passed: 0, failed: 0, ms: 0 }]))
  const since = Date.now()
  const suites = []
  const running = new Set()
  let [count] = counts.values()
  const late = () => `stopped after ${fileLimitMs / 60_000} minutes, in these tests: ${[...running].join(', ')}`
  for await (const { type, data } of run({ files: [entry], timeout: fileLimitMs, signal: runIsOver })) {
    const { name: test, nesting = 0, details } = data ?? {}
    if (type === 'test:dequeue' && test !== entry) running.add(test)
    if (type === 'test:complete') running.delete(test)
    if (type === 'test:start') suites[nesting] = test
    // A helper that defines tests is in another file, but the tests of a file follow each other.
    if (type === 'test:start' && nesting === 0) count = counts.get(data.file) ?? count
    const isOutput = type === 'test:stderr' || (type === 'test:stdout' && process.env.VERBOSE)
    if (isOutput && data.message.trim() !== coverageStopped) process.stderr.write(data.message)
    if (type !== 'test:pass' && type !== 'test:fail') continue
    if (nesting === 0) count.ms += details.duration_ms
    // A suite fails with its tests. Only tests count, and a process that could not run.
    const isProcess = nesting === 0 && test === entry
    const path = [count.name, ...suites.slice(0, nesting), test].join(' > ')
    if (data.skip !== undefined) skip(`${path}: ${data.skip}`)
    else if (type === 'test:pass' && details.type !== 'suite' && !isProcess) count.passed += 1
    else if (type === 'test:fail' && details.error?.failureType !== 'subtestsFailed') {
      count.failed += 1
      const isLate = isProcess && details.error?.failureType === 'testTimeoutFailure'
      console.log(`FAIL ${isProcess ? names.join(', ') : path}\n${isLate ? late() : causeOf(details)}\n`)
    }
  }
  for (const { name, ms, ...count } of counts.values()) report(name, count, names.length > 1 ? Date.now() - ms : since)
}

/** One test file in a process of its own. */
export const runFile = async name => {
  if (runIsOver.aborted) report(name, { passed: 0, failed: 1 }, Date.now(), 'not run; ')
  else await runTogether([name])
}
