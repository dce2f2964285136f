// These servers live for minutes, so Java's optimising compiler would cost more than it saves. Cassandra is ready after 7 s of
// CPU time instead of 11.
const javaOptions = '-XX:TieredStopAtLevel=1'

/** Runs the jobs while test files can share servers. Files that cannot share servers start their own. */
export const withLender = async jobs => {
  process.env.JAVA_TOOL_OPTIONS ??= javaOptions
  const { lenderVariable, openLender } = await import('../../dist/rig/servers/lender.js')
  const lender = await openLender()
  process.env[lenderVariable] = lender.url
  try {
    await jobs()
  } finally {
    await lender.stop()
  }
}
