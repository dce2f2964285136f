import { createReadStream } from 'node:fs'
import { loadStream, streamNames } from '../../stream/load.ts'
import { type AddCommand } from '../add-command.ts'
import { type Edge } from '../edge.ts'
import { NoInput, UsageError } from '../usage-error.ts'
import { previewLines } from './preview.ts'

const errno = (error: unknown): NodeJS.ErrnoException => (error instanceof Error ? error : {}) as NodeJS.ErrnoException

/**
 * Prints what becomes of each event. The reader of the output may go away early.
 *
 * @param file undefined for standard input
 * @throws UsageError when there is no such stream, NoInput when the file cannot be read
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
    throw new NoInput(`${file} cannot be read: ${message}`)
  }
}

export const addPreview: AddCommand = (program, edge) =>
  void program
    .command('preview')
    .summary('show which row or dead letter each event becomes, without servers')
    .description(
      'Reads one event a line and prints one line of JSON for each: its row, or its dead letter with the reason. ' +
        'Needs no servers and no settings.',
    )
    .argument('<stream>', 'a folder of streams/, such as program-user-info')
    .argument('[file]', 'a file with one event a line; - is standard input', '-')
    .action((stream: string, file: string) => preview(stream, file === '-' ? undefined : file, edge))
