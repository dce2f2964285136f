import { runFiles } from './run-files.mjs'

const atOnce = 2

// These servers live for minutes, so Java's optimising compiler would cost more than it saves. Cassandra is ready after 11 s of
// CPU time instead of 17, Kafka after 4 instead of 8.
const javaOptions = '-XX:TieredStopAtLevel=1'

/**
 * Runs these files with shared servers, more of them at the same time once `hasTime` resolves. Files that cannot share servers
 * start their own.
 */
export const runWithServers = async (files, hasTime) => {
  if (files.length === 0) return
  process.env.JAVA_TOOL_OPTIONS ??= javaOptions
  const { lenderVariable, openLender } = await import('../../dist/rig/servers/lender.js')
  const lender = await openLender()
  process.env[lenderVariable] = lender.url
  try {
    await Promise.all([runFiles(files, atOnce), hasTime.then(() => runFiles(files, 1))])
  } finally {
    await lender.stop()
  }
}
