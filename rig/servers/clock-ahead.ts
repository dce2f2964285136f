import { execFile } from 'node:child_process'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { jars } from './jars.ts'

const execute = promisify(execFile)

// A class until 3.11, an interface since.
const source = (version: string): string => `
  public final class ClockAhead ${version.startsWith('3.') ? 'extends' : 'implements'} org.apache.cassandra.utils.Clock {
    public long nanoTime() { return System.nanoTime(); }
    public long currentTimeMillis() { return System.currentTimeMillis() + Long.getLong("clock.ahead.ms"); }
  }`

/** A version whose jars have a compiler that runs on Java 17. */
const withCompiler = '5.0.9'

/** Puts a clock for this version of Cassandra into a folder of its class path. */
export const compileClock = async (java: string, libs: string, version: string, folder: string): Promise<void> => {
  const compilers = await jars('cassandra', withCompiler)
  const compiler = (await readdir(compilers)).find(name => name.startsWith('ecj-'))
  if (compiler === undefined) throw new Error(`no compiler in ${compilers}`)
  const file = join(folder, 'ClockAhead.java')
  await writeFile(file, source(version))
  const main = ['-cp', join(compilers, compiler), 'org.eclipse.jdt.internal.compiler.batch.Main']
  const classPath = join(libs, `cassandra-all-${version}.jar`)
  await execute(java, [...main, '-source', '1.8', '-target', '1.8', '-cp', classPath, '-d', folder, file])
}

/** JVM options of a server with that clock. */
export const clockAhead = (seconds: number): string[] => [
  '-Dcassandra.clock=ClockAhead',
  `-Dclock.ahead.ms=${seconds * 1000}`,
]
