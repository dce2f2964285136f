import { createReadStream } from 'node:fs'
import { loadStream, streamNames } from '../../stream/load.ts'
import { type AddCommand } from '../add-command.ts'
import { type Edge } from '../edge.ts'
import { NoInput, UsageError } from '../usage-error.ts'
import { previewLines } from './preview.ts'

const errno = (error: unknown): NodeJS.ErrnoException => (error instanceof Error ? error : {}) as NodeJS.ErrnoException

/**
 * Prints the result for each event. It is no error if the output is closed early.
 *
 * @param file undefined for standard input
 * @throws UsageError if there is no such stream, NoInput if the file cannot be read
 */
export const preview = async (
  name: string,
  file: string | undefined,
  { stdin, stdout }: Pick<Edge, 'stdin' | 'stdout'>,
): Promise<void> => {
  const names = await streamNames()
  if (!names.includes(name)) throw new UsageError(`there is no stream "${name}"; the streams are: ${names.join(', ')}`)
  try {
    await previewLines(await loadStream(name), file === undefined ? stdin : createReadStream(file), stdout)
  } catch (error) {
    const { code, syscall, message } = errno(error)
    if (code === 'EPIPE') return
    if (file === undefined || (syscall !== 'open' && syscall !== 'read')) throw error
    throw new NoInput(`cannot read ${file}: ${message}`)
  }
}

export const addPreview: AddCommand = (program, edge) =>
  void program
    .command('preview')
    .summary('show the row or dead letter of each event, without servers')
    .description(
      'Reads one event a line and prints one line of JSON for each: its row, or its dead letter with the reason. ' +
        'Requires no servers and no settings.',
    )
    .argument('<stream>', 'a folder of streams/, such as program-user-info')
    .argument('[file]', 'a file with one event a line; - is standard input', '-')
    .action((stream: string, file: string) => preview(stream, file === '-' ? undefined : file, edge))
