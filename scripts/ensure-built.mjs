// Updates node_modules and dist if they are missing or older than their sources, so that every npm command works in a fresh
// clone. In a container, which has only dist, there is nothing to do.
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { modified, root, run } from './ensure-installed.mjs'

const newest = folder =>
  readdirSync(root + folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.name.endsWith('.ts'))
    .reduce((latest, entry) => Math.max(latest, statSync(`${entry.parentPath}/${entry.name}`).mtimeMs), 0)

const sources = ['src', 'streams', 'rig', 'test', 'scripts', 'bench'].filter(folder => existsSync(root + folder))
const changed = Math.max(modified('tsconfig.json'), modified('package-lock.json'), ...sources.map(newest))
// Not the compiler's own file, which a run with --noEmit updates too.
if (modified('dist/.built') < changed) {
  console.error('building ...')
  run(process.execPath, 'node_modules/typescript-7/bin/tsc', '--project', 'tsconfig.json')
  writeFileSync(`${root}dist/.built`, '')
}
if (modified('dist/product/src/main.js') < Math.max(changed, modified('scripts/bundle.mjs')))
  run(process.execPath, 'scripts/bundle.mjs', 'dist/product')
