import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { programsFolder, sourceFile } from './folders.ts'
import { findMaven } from './java.ts'

export type Product = 'kafka' | 'cassandra'

const execute = promisify(execFile)

const pom = (product: Product, version: string): string =>
  sourceFile(product === 'cassandra' && version.startsWith('3.') ? 'cassandra-3-pom.xml' : `${product}-pom.xml`)

const download = async (product: Product, version: string, folder: string): Promise<void> => {
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${folder}`]
  const project = ['--file', pom(product, version), `-Dserver.version=${version}`]
  await execute(await findMaven(), ['--batch-mode', '--quiet', ...project, ...goal]).catch((error: unknown) => {
    const { stdout } = error as { stdout?: string }
    throw new Error(`Maven cannot bring ${product} ${version}:\n${stdout ?? String(error)}`)
  })
}

/**
 * The folder with the jars of one server, brought by Maven the first time. Processes that ask at the same time may each
 * download; whole folders are put in place by rename, and the first one stays.
 *
 * @throws MissingProgram without Maven; Error with Maven's own words when it fails.
 */
export const jars = async (product: Product, version: string): Promise<string> => {
  const folder = join(programsFolder, `${product}-${version}`)
  const libs = join(folder, 'libs')
  if (existsSync(libs)) return libs
  await mkdir(programsFolder, { recursive: true })
  const draft = await mkdtemp(`${folder}.`)
  try {
    await download(product, version, join(draft, 'libs'))
    await rename(draft, folder).catch((error: unknown) => {
      if (!existsSync(libs)) throw error
    })
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
  return libs
}
