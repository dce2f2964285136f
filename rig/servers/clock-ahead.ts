import { execFile } from 'node:child_process'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const execute = promisify(execFile)

const source = `
  public final class ClockAhead implements org.apache.cassandra.utils.Clock {
    public long nanoTime() { return System.nanoTime(); }
    public long currentTimeMillis() { return System.currentTimeMillis() + Long.getLong("clock.ahead.ms"); }
  }`

/** Puts a clock for Cassandra 4.0 and later into a folder of its class path. It is compiled by a jar among its own. */
export const compileClock = async (java: string, libs: string, folder: string): Promise<void> => {
  const names = await readdir(libs)
  const jar = (start: string): string => join(libs, names.find(name => name.startsWith(start)) ?? start)
  const file = join(folder, 'ClockAhead.java')
  await writeFile(file, source)
  const main = ['-cp', jar('ecj-'), 'org.eclipse.jdt.internal.compiler.batch.Main']
  await execute(java, [...main, '-source', '11', '-target', '11', '-cp', jar('cassandra-all-'), '-d', folder, file])
}

/** JVM options of a server with that clock. */
export const clockAhead = (seconds: number): string[] => [
  '-Dcassandra.clock=ClockAhead',
  `-Dclock.ahead.ms=${seconds * 1000}`,
]
