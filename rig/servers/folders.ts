import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const above = (folder: string): string => (existsSync(join(folder, 'package.json')) ? folder : above(dirname(folder)))

/** The project's folder, found from the sources as well as from the build. */
export const projectFolder = above(dirname(fileURLToPath(import.meta.url)))

/** Where the servers' programs are kept from one run to the next; it may be deleted at any time but during a start. */
export const programsFolder = join(projectFolder, '.servers')

/** A file that lies beside these sources and is not compiled. */
export const sourceFile = (name: string): string => join(projectFolder, 'rig', 'servers', name)
