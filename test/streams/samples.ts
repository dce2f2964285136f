import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Shown } from '../../src/commands/preview/show.ts'

/** A message and its result in the format of `npm run -s preview`. The file name says what it shows. */
export interface Sample {
  readonly name: string
  /** The message's value: the event as JSON, or the given text if JSON.stringify would not write it. */
  readonly value: Buffer
  readonly expected: Shown
}

type SampleFile = ({ readonly event: unknown } | { readonly text: string }) & Shown

const projectRoot = (folder: string): string =>
  existsSync(join(folder, 'package.json')) ? folder : projectRoot(dirname(folder))

const readSample = async (folder: string, file: string): Promise<Sample> => {
  const sample = JSON.parse(await readFile(join(folder, file), 'utf8')) as SampleFile
  const { event, text, ...expected } = { event: undefined, text: undefined, ...sample }
  const value = Buffer.from(text ?? JSON.stringify(event))
  return { name: file.replace('.json', ''), value, expected }
}

/** The samples of a stream, by name. They are read from the source folder, because the build does not copy them. */
export const readSamples = async (stream: string): Promise<Sample[]> => {
  const folder = join(projectRoot(import.meta.dirname), 'streams', stream, 'samples')
  const files = (await readdir(folder)).filter(file => file.endsWith('.json')).sort()
  return Promise.all(files.map(file => readSample(folder, file)))
}
