import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { projectFolder } from '../rig/servers/folders.ts'
import { type Options } from './options.ts'
import { type Case, page } from './report.ts'

const folder = join(projectFolder, 'bench', 'results')

/** Saves a run as text and as JSON with all figures. Returns the text and the common name of the files. */
export const save = async (
  machine: Readonly<Record<string, string>>,
  options: Options,
  cases: readonly Case[],
): Promise<{ text: string; file: string }> => {
  const date = new Date().toISOString().slice(0, 19)
  const text = page(machine, `${date}Z`, cases)
  const file = join(folder, `${date.replaceAll(':', '')}-${options.mode}`)
  await mkdir(folder, { recursive: true })
  await writeFile(`${file}.txt`, text)
  await writeFile(`${file}.json`, `${JSON.stringify({ date, machine, options, cases }, undefined, 2)}\n`)
  return { text, file }
}
