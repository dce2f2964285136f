import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const above = (folder: string): string => (existsSync(join(folder, 'package.json')) ? folder : above(dirname(folder)))

/** The project folder, for the sources and for the build. */
export const projectFolder = above(dirname(fileURLToPath(import.meta.url)))

/** The cache of the servers' programs. It may be deleted at any time except during a start. */
export const programsFolder = join(projectFolder, '.servers')

/** A file in this source folder that is not compiled. */
export const sourceFile = (name: string): string => join(projectFolder, 'rig', 'servers', name)
