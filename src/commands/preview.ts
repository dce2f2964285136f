import { createReadStream } from 'node:fs'
import { type Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Stream } from '../stream/definition.ts'
import { loadStream, streamNames } from '../stream/load.ts'
import { splitLines } from './lines.ts'
import { show } from './show.ts'

const usage = 'usage: npm run -s preview -- STREAM [FILE]   (one event a line, from FILE or standard input)'

/** Exit codes as sysexits.h has them. */
const ok = 0
const usageError = 64
const noInput = 66

const errno = (error: unknown): NodeJS.ErrnoException => (error instanceof Error ? error : {}) as NodeJS.ErrnoException

const previewLines = async (stream: Stream, input: Readable, output: Writable): Promise<void> => {
  const previews = async function* (lines: AsyncIterable<Buffer>) {
    for await (const line of lines) yield `${JSON.stringify(show(stream, line))}\n`
  }
  await pipeline(input, splitLines, previews, output, { end: false })
}

/**
 * `preview STREAM [FILE]`: one line of JSON for each line of the input, an empty line being a message of zero bytes.
 *
 * @param args the stream's name and perhaps a file
 * @returns the exit code: 0, also when the reader of `stdout` goes away; 64 wrong arguments; 66 FILE cannot be read
 */
export const runPreview = async (
  args: readonly string[],
  stdin: Readable,
  stdout: Writable,
  stderr: Writable,
): Promise<number> => {
  const [name, file, ...more] = args
  const names = await streamNames()
  if (name === '--help') {
    stdout.write(`${usage}\nthe streams there are: ${names.join(', ')}\n`)
    return ok
  }
  if (name === undefined || !names.includes(name) || more.length > 0) {
    stderr.write(`${usage}\nthe streams there are: ${names.join(', ')}\n`)
    return usageError
  }
  try {
    await previewLines(await loadStream(name), file === undefined ? stdin : createReadStream(file), stdout)
    return ok
  } catch (error) {
    const { code, syscall, message } = errno(error)
    if (code === 'EPIPE') return ok
    if (file === undefined || (syscall !== 'open' && syscall !== 'read')) throw error
    stderr.write(`${file} cannot be read: ${message}\n`)
    return noInput
  }
}
