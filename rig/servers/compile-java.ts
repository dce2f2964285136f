import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { jarIn } from './jars.ts'
import { findJava } from './java.ts'

const execute = promisify(execFile)

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
