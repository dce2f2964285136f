import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './ensure-installed.mjs'

/** The folders that are compiled. */
export const sources = ['src', 'streams', 'rig', 'test', 'scripts', 'bench'].filter(name => existsSync(root + name))

/** Removes modules from dist whose source is gone. Otherwise a removed stream could still be run. */
export const removeStaleModules = () => {
  for (const folder of sources.filter(name => existsSync(`${root}dist/${name}`))) {
    for (const name of readdirSync(`${root}dist/${folder}`, { recursive: true })) {
      const source = join(root, folder, name.replace(/\.js(\.map)?$/, '.ts'))
      if (!existsSync(source)) rmSync(join(root, 'dist', folder, name), { recursive: true, force: true })
    }
  }
}
