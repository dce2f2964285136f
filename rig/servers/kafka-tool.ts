import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { withClassArchive } from './class-archive.ts'
import { jars } from './jars.ts'
import { findJava } from './java.ts'

/** A tool's exit code, null after a signal, and what it printed. */
export interface ToolResult {
  readonly code: number | null
  readonly output: Buffer
  readonly errors: string
}

/** Options of a JVM with a small program that uses Kafka's jars. The optimising compiler does not pay for its short run. */
export const toolOptions = [
  ...['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'],
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=error',
]

/**
 * Runs one of Kafka's Java tools.
 *
 * @param main its main class, such as `kafka.tools.StorageTool`
 * @param input its standard input
 * @throws MissingProgram without Java 17 or Maven
 */
export const runKafkaTool = async (
  version: string,
  main: string,
  args: readonly string[],
  input: readonly Buffer[] = [],
): Promise<ToolResult> => {
  const [java, libs] = await Promise.all([findJava(), jars('kafka', version)])
  return withClassArchive(libs, main, async options => {
    const child = spawn(java, [...toolOptions, ...options, '-cp', join(libs, '*'), main, ...args], { stdio: 'pipe' })
    const chunks: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    let errors = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
    // A tool may end before it has read its input.
    child.stdin.on('error', () => undefined)
    for (const chunk of input) child.stdin.write(chunk)
    child.stdin.end()
    const [code] = (await once(child, 'close')) as [number | null]
    return { code, output: Buffer.concat(chunks), errors }
  })
}
