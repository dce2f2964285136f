import { run } from 'node:test'
import { compiled } from './files.mjs'
import { report, skip } from './results.mjs'

const causeOf = ({ error }) => error?.cause?.stack ?? error?.cause ?? error?.stack ?? error

/** Runs one file in a process of its own; a test's name is printed with its suites where it fails. */
const runFile = async name => {
  const file = compiled(name)
  const since = Date.now()
  const count = { passed: 0, failed: 0 }
  const suites = []
  for await (const { type, data } of run({ files: [file], timeout: 20 * 60_000 })) {
    const { name: test, nesting = 0, details } = data ?? {}
    if (type === 'test:start') suites[nesting] = test
    if (type === 'test:stderr' || (type === 'test:stdout' && process.env.VERBOSE)) process.stderr.write(data.message)
    if (type !== 'test:pass' && type !== 'test:fail') continue
    // A suite fails with its tests; only the tests count, and a file that could not be run.
    const isFile = nesting === 0 && test === file
    const path = [...suites.slice(0, nesting), test].join(' > ')
    if (data.skip !== undefined) skip(`${name}: ${path}: ${data.skip}`)
    else if (type === 'test:pass' && details.type !== 'suite' && !isFile) count.passed += 1
    else if (type === 'test:fail' && details.error?.failureType !== 'subtestsFailed') {
      count.failed += 1
      console.log(`FAIL ${path}\n${causeOf(details)}\n`)
    }
  }
  report(name, count, since)
}

/** Runs these files in this order, so many at the same time. */
export const runFiles = async (names, atOnce) => {
  const left = [...names]
  const lane = async () => {
    for (let name = left.shift(); name !== undefined; name = left.shift()) await runFile(name)
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
}
