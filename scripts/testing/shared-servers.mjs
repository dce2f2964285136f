import { runFile } from './run-files.mjs'

// These servers live for minutes, so Java's optimising compiler would cost more than it saves. Cassandra is ready after 7 s of
// CPU time instead of 11.
const javaOptions = '-XX:TieredStopAtLevel=1'

/**
 * Downloads the jars of all versions. Otherwise several test processes run Maven at the same time, and these runs disturb each
 * other in its repository. A test whose jars are missing reports why.
 */
const bringJars = async () => {
  const { jars } = await import('../../dist/rig/servers/jars.js')
  const { installedKafka, newestKafka } = await import('../../dist/rig/servers/kafka.js')
  const { installedCassandra, newestCassandra } = await import('../../dist/rig/servers/cassandra.js')
  const kafka = [newestKafka, installedKafka].map(version => jars('kafka', version))
  const cassandra = [newestCassandra, installedCassandra].map(version => jars('cassandra', version))
  await Promise.allSettled([...kafka, ...cassandra])
}

/**
 * A job for each of these test files, with shared servers, which stop after the last one. Files that cannot share servers start
 * their own.
 */
export const jobsWithServers = async files => {
  if (files.length === 0) return []
  process.env.JAVA_TOOL_OPTIONS ??= javaOptions
  await bringJars()
  const { lenderVariable, openLender } = await import('../../dist/rig/servers/lender.js')
  const lender = await openLender()
  process.env[lenderVariable] = lender.url
  let left = files.length
  return files.map(name => async () => {
    try {
      await runFile(name)
    } finally {
      left -= 1
      if (left === 0) await lender.stop()
    }
  })
}
