import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { isThree } from './cassandra-settings.ts'
import { programsFolder, sourceFile } from './folders.ts'
import { inPlace } from './in-place.ts'
import { findMaven } from './java.ts'

export type Product = 'kafka' | 'cassandra'

const execute = promisify(execFile)

const libsFolder = (product: Product, version: string): string => join(programsFolder, `${product}-${version}`, 'libs')

/** Whether the jars of this server are already downloaded. */
export const areHere = (product: Product, version: string): boolean => existsSync(libsFolder(product, version))

const pomOf = (product: Product, version: string): string =>
  sourceFile(product === 'cassandra' && isThree(version) ? 'cassandra-3-pom.xml' : `${product}-pom.xml`)

const copyJars = async (product: Product, version: string, folder: string): Promise<void> => {
  const project = ['--file', pomOf(product, version), `-Dserver.version=${version}`]
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${folder}`]
  await execute(await findMaven(), ['--batch-mode', '--quiet', ...project, ...goal]).catch((error: unknown) => {
    const { stdout } = error as { stdout?: string }
    throw new Error(`Maven cannot download ${product} ${version}:\n${stdout ?? String(error)}`)
  })
}

const bring = async (product: Product, version: string): Promise<string> => {
  const libs = libsFolder(product, version)
  await inPlace(dirname(libs), draft => copyJars(product, version, join(draft, basename(libs))))
  return libs
}

let last: Promise<unknown> = Promise.resolve()

/**
 * The folder with the jars of one server. Maven downloads them the first time, one server at a time, because concurrent runs
 * of Maven disturb each other in its repository. A rename puts the complete folder in place.
 *
 * @throws MissingProgram without Maven; Error with Maven's output if it fails
 */
export const jars = (product: Product, version: string): Promise<string> => {
  const next = last.then(() => bring(product, version))
  last = next.catch(() => undefined)
  return next
}

/** The jar in this folder whose name starts with this. @throws Error if there is none */
export const jarIn = async (libs: string, start: string): Promise<string> => {
  const name = (await readdir(libs)).find(name => name.startsWith(start))
  if (name === undefined) throw new Error(`no ${start} in ${libs}`)
  return join(libs, name)
}
