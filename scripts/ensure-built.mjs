// Updates node_modules and dist if they are missing or older than their sources, so that every npm command works in a fresh
// clone. It is preloaded, and `exec` replaces the shell: npm sends signals to its child only, so that must be the worker.
// In a container, which has only dist, there is nothing to do.
import { readdirSync, statSync } from 'node:fs'
import { modified, root, run } from './ensure-installed.mjs'
import { sources } from './stale-modules.mjs'

const newest = folder =>
  readdirSync(root + folder, { recursive: true, withFileTypes: true })
    // A removed file changes its folder.
    .filter(entry => entry.isDirectory() || entry.name.endsWith('.ts'))
    .reduce(
      (latest, entry) => Math.max(latest, statSync(`${entry.parentPath}/${entry.name}`).mtimeMs),
      modified(folder),
    )

const files = ['tsconfig.json', 'package-lock.json', 'scripts/bundle.mjs']
const changed = Math.max(...files.map(modified), ...sources.map(newest))
// Not the compiler's own file, which a run with --noEmit updates too.
if (modified('dist/.built') < changed) {
  console.error('building ...')
  run(process.execPath, 'scripts/build.mjs')
}
