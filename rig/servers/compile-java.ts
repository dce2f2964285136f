import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findJava } from './java.ts'

const execute = promisify(execFile)

/** The jar whose name starts with this. */
export const jarIn = async (libs: string, start: string): Promise<string> => {
  const name = (await readdir(libs)).find(name => name.startsWith(start))
  if (name === undefined) throw new Error(`no ${start} in ${libs}`)
  return join(libs, name)
}

/**
 * Compiles a Java file into this folder, for Java 11 and later. The compiler is among Cassandra's jars, because a Java runtime
 * has none.
 *
 * @param cassandraLibs the folder with Cassandra's jars
 * @param classPath what the file needs
 * @throws Error with the compiler's messages
 */
export const compileJava = async (
  cassandraLibs: string,
  file: string,
  classPath: string,
  folder: string,
): Promise<void> => {
  const compiler = ['-cp', await jarIn(cassandraLibs, 'ecj-'), 'org.eclipse.jdt.internal.compiler.batch.Main']
  const options = ['-nowarn', '-source', '11', '-target', '11', '-cp', classPath, '-d', folder]
  await execute(await findJava(), [...compiler, ...options, file])
}
