import { readdir } from 'node:fs/promises'
import { streamsFolder } from '../paths.ts'
import { type Stream } from './definition.ts'

/** The names of all streams, which are the folders in `streams/`. */
export const streamNames = async (): Promise<string[]> =>
  (await readdir(streamsFolder, { withFileTypes: true }))
    .filter(entry => entry.isDirectory())
    .map(entry => entry.name)
    .sort()

export class UnknownStream extends Error {}

/**
 * Loads the default export of `streams/<name>/stream`.
 *
 * @throws UnknownStream with the names of all streams, if there is none of this name
 */
export const loadStream = async (name: string): Promise<Stream> => {
  const names = await streamNames()
  if (!names.includes(name))
    throw new UnknownStream(`there is no stream "${name}"; the streams are: ${names.join(', ')}`)
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const module = (await import(new URL(`${name}/stream.${extension}`, streamsFolder).href)) as { default: Stream }
  return module.default
}
