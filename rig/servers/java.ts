import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/** JVM options that save a second of CPU time at each start: Maven's jars are loaded without the verification of their bytecode. */
export const unverified: readonly string[] = ['-XX:+UnlockDiagnosticVMOptions', '-XX:-BytecodeVerificationRemote']

/** A program that the servers need is missing. The message says what to install. */
export class MissingProgram extends Error {
  constructor(what: string) {
    super(
      `${what}. Kafka and Cassandra start from Maven's jars: install a Java 17 runtime and Maven ` +
        '(Debian, Ubuntu: apt-get install openjdk-17-jre-headless maven; macOS: brew install openjdk@17 maven), ' +
        'or use Docker: docker compose up kafka cassandra',
    )
    this.name = 'MissingProgram'
  }
}

const installed = async (): Promise<string[]> => {
  const folder = process.platform === 'darwin' ? '/Library/Java/JavaVirtualMachines' : '/usr/lib/jvm'
  const home = process.platform === 'darwin' ? 'Contents/Home' : ''
  return (await readdir(folder).catch(() => [])).map(name => join(folder, name, home, 'bin', 'java'))
}

const majorVersion = async (java: string): Promise<number> => {
  try {
    const { stderr } = await execute(java, ['-version'])
    return Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0)
  } catch {
    return 0
  }
}

const search = async (): Promise<string> => {
  const home = process.env['JAVA_HOME']
  const candidates = [...(home === undefined ? [] : [join(home, 'bin', 'java')]), 'java', ...(await installed())]
  const versions = await Promise.all(candidates.map(majorVersion))
  const found = candidates[versions.indexOf(17)]
  if (found === undefined) throw new MissingProgram(`no Java 17 found (looked at ${candidates.join(', ')})`)
  return found
}

let found: Promise<string> | undefined

/**
 * The `java` for the servers: from JAVA_HOME, from PATH or an installed one, whichever has version 17. Kafka 3.3 to 4.x and
 * Cassandra 5.0 all run on it.
 *
 * @throws MissingProgram if there is none
 */
export const findJava = (): Promise<string> => (found ??= search())

/** @throws MissingProgram if Maven does not run */
export const findMaven = async (): Promise<string> => {
  await execute('mvn', ['--version']).catch(() => {
    throw new MissingProgram('no Maven found (mvn --version)')
  })
  return 'mvn'
}
