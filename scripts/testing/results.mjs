const counts = { passed: 0, failed: 0 }
const skipped = []
const startedAt = Date.now()

export const seconds = since => `${((Date.now() - since) / 1000).toFixed(1)} s`

/** One line for a file or a step, with its duration. */
export const report = (name, { passed, failed }, since, more = '') => {
  counts.passed += passed
  counts.failed += failed
  console.log(
    `${failed === 0 ? 'ok  ' : 'FAIL'} ${name}: ${more}${passed} passed, ${failed} failed (${seconds(since)})`,
  )
}

export const skip = name => skipped.push(name)

/** The last lines, and the exit code. A run in which nothing passed has failed. */
export const close = () => {
  if (counts.passed === 0) counts.failed += 1
  for (const name of skipped) console.log(`SKIP ${name}`)
  console.log(`in ${seconds(startedAt)}`)
  console.log(`${counts.passed} passed, ${counts.failed} failed`)
  process.exitCode = counts.failed === 0 ? 0 : 1
}
