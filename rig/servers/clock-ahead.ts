import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { compileJava } from './compile-java.ts'
import { jarIn } from './jars.ts'

const source = `
  public final class ClockAhead implements org.apache.cassandra.utils.Clock {
    public long nanoTime() { return System.nanoTime(); }
    public long currentTimeMillis() { return System.currentTimeMillis() + Long.getLong("clock.ahead.ms"); }
  }`

/** Puts a clock for Cassandra 4.0 and later into a folder of its class path. */
export const compileClock = async (libs: string, folder: string): Promise<void> => {
  const file = join(folder, 'ClockAhead.java')
  await writeFile(file, source)
  await compileJava(libs, file, await jarIn(libs, 'cassandra-all-'), folder)
}

/** JVM options of a server with that clock. */
export const clockAhead = (seconds: number): string[] => [
  '-Dcassandra.clock=ClockAhead',
  `-Dclock.ahead.ms=${seconds * 1000}`,
]
